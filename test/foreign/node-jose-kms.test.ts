import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { openKeyService } from '../../src/kms/key-service.ts';
import { HttpClient } from '../../src/net/http-client.ts';
import { realClock } from '../../src/ops/clock.ts';
import { sodiumReady } from '../../src/seal/sodium.ts';
import { foreignPackage } from './foreign-package.ts';
import { NodeJoseKms } from './node-jose-kms.ts';
import { fieldsOf, PLAIN, RANDOM, sealedMeeting } from './sealed-meeting.ts';

const jose = foreignPackage('node-jose');

before(sodiumReady);

for (const signedWith of ['RS256', 'PS256'] as const) {
  test(`Our client and a KMS made of node-jose understand each other, signed ${signedWith}`, async (t) => {
    const kms = await new NodeJoseKms(signedWith).start();
    const http = new HttpClient({ upstream: 'kms', allowedOrigins: [kms.url] });
    const keys = openKeyService({
      http,
      url: kms.url,
      userId: randomUUID(),
      token: () => 'token',
      clientId: () => 'client',
      rootsPem: kms.rootsPem,
      eventStream: { deviceUrl: null, onKmsMessages: () => undefined },
      clock: realClock(),
      random: RANDOM,
      maxOfflineMs: 0,
      revalidateMs: 0,
      answered: () => undefined,
    });
    t.after(async () => {
      keys.close();
      await http.close();
      kms.stop();
    });
    const issued = await keys.issue([['reader'], ['reader']]);
    assert.deepEqual(new Set(issued.map(({ uri }) => uri)), new Set(kms.keys.keys()));
    for (const { uri } of issued) {
      const item = await keys.withKey(uri, (key) => sealedMeeting(uri, key, 'A256GCM'));
      const jwk = await jose.JWK.asKey({ kty: 'oct', k: kms.keys.get(uri) });
      const opened = fieldsOf(item).map(async ([path, field]) => [
        path,
        (await jose.JWE.createDecrypt(jwk).decrypt(field)).plaintext.toString(),
      ]);
      assert.deepEqual(Object.fromEntries(await Promise.all(opened)), PLAIN);
    }
  });
}
