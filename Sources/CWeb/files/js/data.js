// What many pages read: accounts, connections, members. Kept in the store, read anew when something changed.

import { getAll, get as ask } from './api.js';
import { get, set } from './store.js';
import { keepAccounts } from './ui/rows.js';

export async function accounts() {
  const list = await getAll('/v1/accounts');
  set('accounts', list);
  set('accountsByID', keepAccounts(list));
  return list;
}

/** Living connections, those that need a person first. */
export async function connections() {
  const rank = { needs_reauthentication: 0, revoked: 1, misconfigured: 2, expiring: 3, degraded: 4, pending: 5, healthy: 6, removing: 7 };
  const list = (await getAll('/v1/connections')).filter(each => each.state !== 'removed');
  list.sort((one, other) => (rank[one.state] ?? 9) - (rank[other.state] ?? 9) || (one.institution.name ?? '').localeCompare(other.institution.name ?? ''));
  set('connections', list);
  return list;
}

export async function members() {
  const body = await ask('/v1/members');
  set('members', body.data);
  return body.data;
}

export const role = () => get('household')?.role ?? 'viewer';
/** Whether one may do what members, admins, owners do here. */
export const isAtLeast = wanted => ['viewer', 'member', 'admin', 'owner'].indexOf(role()) >= ['viewer', 'member', 'admin', 'owner'].indexOf(wanted);
