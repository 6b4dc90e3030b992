/** ioredis, and what is shaped like it. */
export interface IoredisClient {
  call(command: string, args: (string | number)[]): Promise<unknown>;
}

/** node-redis, and what is shaped like it. */
export interface NodeRedisClient {
  sendCommand(args: string[]): Promise<unknown>;
}

/** A connected client. Which one it is shows by its methods: ioredis has `call`. */
export type RedisClient = IoredisClient | NodeRedisClient;

/** Sends one command and gives its reply. */
export type SendCommand = (command: string, args: string[]) => Promise<unknown>;

/** @throws TypeError for what is no client */
export function senderOf(client: RedisClient): SendCommand {
  if ("call" in client && typeof client.call === "function")
    return (command, args) => client.call(command, args);
  if ("sendCommand" in client && typeof client.sendCommand === "function")
    return (command, args) => client.sendCommand([command, ...args]);
  throw new TypeError(
    "client must be a client of ioredis or node-redis, or an object with their call or sendCommand",
  );
}
