import * as z from 'zod';
import { zonesByAreaCode } from './nanp-zones.ts';

/**
 * How the hours of a person are judged whose number tells no single zone. `all`: in all zones that the
 * number may be in. `any`: in one of them. `country`: in all zones of the country, whatever the area
 * code says, because people keep their numbers when they move.
 */
export const zonePolicies = ['all', 'any', 'country'] as const;
export type ZonePolicy = (typeof zonePolicies)[number];

/** Of North America, by area code; made when it is first needed. */
let areaCodes: ReadonlyMap<string, readonly string[]> | undefined;

function zonesOfAreaCode(code: string): readonly string[] | undefined {
  areaCodes ??= new Map(
    zonesByAreaCode.flatMap(([zones, codes]) =>
      codes.split(' ').map((each) => [each, zones.split(' ')] as const),
    ),
  );
  return areaCodes.get(code);
}

const zonesSchema = z.array(z.string());

/** The zones of a country, from the runtime's own data (ECMA-402); empty where it knows none. */
function zonesOfCountry(country: string): readonly string[] {
  if (!/^[A-Z]{2}$/.test(country)) return [];
  const locale = new Intl.Locale(`und-${country}`);
  // TypeScript's library does not know the method yet.
  const getTimeZones: unknown = Reflect.get(locale, 'getTimeZones');
  if (typeof getTimeZones !== 'function') return [];
  return zonesSchema.safeParse(Reflect.apply(getTimeZones, locale, [])).data ?? [];
}

/**
 * The zones that a person may be in: the one that the creative names, else those of the number. North
 * American numbers tell by their area code. Everywhere else all zones of the country count, because mobile
 * numbers are used nation-wide. Empty where nothing is known.
 */
export function zonesOf(
  person: {
    readonly timezone?: string | undefined;
    readonly to: string;
    readonly country?: string | undefined;
  },
  policy: ZonePolicy,
): readonly string[] {
  if (person.timezone !== undefined) return [person.timezone];
  const areaCode = /^\+1(\d{3})\d{7}$/.exec(person.to)?.[1];
  const ofArea = areaCode === undefined ? undefined : zonesOfAreaCode(areaCode);
  if (ofArea !== undefined && policy !== 'country') return ofArea;
  const ofCountry = person.country === undefined ? [] : zonesOfCountry(person.country);
  return ofCountry.length > 0 ? ofCountry : (ofArea ?? []);
}
