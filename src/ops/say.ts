/** Levels: error = a human must act, warn = the machine is coping, info = business event, debug = the rest. */
export type Level = 'error' | 'warn' | 'info' | 'debug';

/** Writes one log line and counts it. */
export type Say = (level: Level, event: string, msg: string, ids?: object) => void;
