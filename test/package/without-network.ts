/**
 * Runs the tests of this folder where there is no network but loopback: program, simulated cloud and test client share one
 * network namespace. Where that can't be had the tests run all the same, and the one that it matters to says why it is skipped.
 */
import { spawnSync } from 'node:child_process';
import { namespace } from './restriction.ts';

const offline = namespace('--net', 'ip link set lo up; exec "$@"');
const tests = ['--test', '--test-timeout=240000', 'test/package/*.test.ts'];
const [command = '', ...argv] = [...offline.argv, process.execPath, ...tests];
const env = { ...process.env, NETWORK_NOT_CUT: offline.missing ?? '' };
process.exitCode = spawnSync(command, argv, { env, stdio: 'inherit' }).status ?? 1;
