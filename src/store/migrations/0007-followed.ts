/**
 * What a meeting in Webex was made to follow besides its times: keyed hashes of whom was invited, and what single occurrences differ
 * from their series in.
 */
export const SQL = `
ALTER TABLE arrangements ADD COLUMN invited BLOB;
ALTER TABLE arrangements ADD COLUMN carried TEXT;
`;
