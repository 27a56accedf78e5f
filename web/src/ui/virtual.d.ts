/** Made while the client is built, of emojibase (vite.config.ts). */
declare module "virtual:emoji-table" {
  const table: string;
  export default table;
}
