/** Where the focus was before something took it, with the caret: to be given back. */

/** To be called before the focus goes; what it returns, when it is to come back. */
export function rememberFocus(): () => void {
  const before = document.activeElement;
  const field = before instanceof HTMLTextAreaElement ? before : null;
  const [start, end] = [field?.selectionStart ?? 0, field?.selectionEnd ?? 0];
  return () => {
    if (!(before instanceof HTMLElement) || !before.isConnected) return;
    before.focus();
    // A dialog that closes gives the focus back by itself, and in Chromium now and then without the caret.
    field?.setSelectionRange(start, end);
  };
}
