// What several parts of the page know together: who is here, which household, the accounts and connections. One plain
// object, changed by set(); whoever watches a name is told when it changes.

const values = new Map();
const watchers = new Map();

export const get = name => values.get(name);

export function set(name, value) {
  if (values.get(name) === value) return;
  values.set(name, value);
  for (const act of [...(watchers.get(name) ?? [])]) act(value);
}

/** Tells of each change until the given function is called. */
export function watch(name, act) {
  if (!watchers.has(name)) watchers.set(name, new Set());
  watchers.get(name).add(act);
  return () => watchers.get(name).delete(act);
}

/** Small choices of this browser: theme, density, hidden amounts. Never money. */
export const choice = {
  get(name, otherwise = null) {
    try { return localStorage.getItem(`magpie.${name}`) ?? otherwise; } catch { return otherwise; }
  },
  set(name, value) {
    try {
      if (value === null) localStorage.removeItem(`magpie.${name}`); else localStorage.setItem(`magpie.${name}`, value);
    } catch { /* a private window keeps nothing */ }
  },
};
