// Categories and tags of the household: read once, kept by name.

import { can, get as ask, post } from './api.js';
import { onChange, tellHere } from './live.js';
import { get, set } from './store.js';
import { named } from './texts.js';

export const canFile = () => can('GET /v1/categories');

export async function readFiling() {
  if (!canFile() || get('categories')) return;
  await readFilingAgain();
}

const keepCategories = given => {
  const list = given.map(each => ({ ...each, given: each.given ?? each.name, name: named(each.given ?? each.name) }));
  set('categories', list);
  set('categoryNames', new Map(list.map(each => [each.code, each.name])));
};
const keepTags = list => {
  set('tags', list);
  set('tagNames', new Map(list.map(each => [each.id, each.name])));
};

// Whoever shows names shows the new ones.
onChange(change => { if (change.kind === 'categories' && get('categories')) readFilingAgain().then(() => tellHere('filing'), () => {}); });

/** Read anew when somebody changed them. What was known stays until then. */
export async function readFilingAgain() {
  const [categories, tags] = await Promise.all([ask('/v1/categories'), ask('/v1/tags')]);
  keepCategories(categories.data);
  keepTags(tags.data);
}

export async function makeCategory(name, parent) {
  const made = await post('/v1/categories', { name, ...(parent ? { parent } : {}) }, { repeatable: true });
  keepCategories([...get('categories'), made]);
  return made;
}

/** The tag of a name: that which is there, or a new one. */
export async function tagNamed(name) {
  const there = get('tags').find(each => each.name.toLowerCase() === name.toLowerCase());
  if (there) return there;
  const made = await post('/v1/tags', { name }, { repeatable: true });
  keepTags([...get('tags'), made]);
  return made;
}
