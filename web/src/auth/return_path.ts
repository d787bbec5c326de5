// Where to go after signing in: a path of this console that was asked for before, never another place.
export function returnPath(search: URLSearchParams): string {
  const wanted = search.get('to') ?? '';
  return /^\/(?![/\\])[^\\]*$/.test(wanted) && !wanted.startsWith('/sign-in') ? wanted : '/';
}
