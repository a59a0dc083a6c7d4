// Brings a part of the application when it is needed. A browser remembers that a file did not come: the next time it is
// asked for by another address.

const failures = new Map();

/** The module of a file in this folder. */
export async function bring(path) {
  const count = failures.get(path);
  try {
    return await import(count ? `./${path}?${count}` : `./${path}`);
  } catch (error) {
    failures.set(path, (count ?? 0) + 1);
    throw error;
  }
}
