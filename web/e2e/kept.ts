/** What a browser keeps of the house. */

/** Runs in the page: everything that this browser keeps for the house. */
export async function everythingKept(): Promise<string> {
  const kept = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise<IDBDatabase>((done) => {
      const opening = indexedDB.open(name ?? "");
      opening.onsuccess = () => done(opening.result);
    });
    for (const store of database.objectStoreNames) {
      const all = await new Promise((done) => {
        const asked = database.transaction(store).objectStore(store).getAll();
        asked.onsuccess = () => done(asked.result);
      });
      kept.push(JSON.stringify(all));
    }
    database.close();
  }
  return kept.join("\n") + document.documentElement.outerHTML;
}
