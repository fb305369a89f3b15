/**
 * By this a company's support finds our requests in its log. The name and version of package.json, written
 * out because a bundle would carry the whole of that file for them.
 */
export const USER_AGENT = 'ci360-mobile-connector/0.1.0';
