/** The clipboard of the machine. */

/** Puts a text into it; false where the browser does not let a page, as on plain HTTP. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
