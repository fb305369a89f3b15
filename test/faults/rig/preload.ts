import './clock.ts';
import './vital-signs.ts';
