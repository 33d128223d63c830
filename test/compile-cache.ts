/** Loaded before every test file: what was compiled once is not compiled again, neither here nor in the programs that tests start. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

const directory = join(import.meta.dirname, '..', 'node_modules', '.cache', 'compiled');
process.env.NODE_COMPILE_CACHE = directory;
enableCompileCache(directory);
