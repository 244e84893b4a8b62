/**
 * Whether a query populates a relation, in any of Strapi's forms: `populate=role`, `populate=*`,
 * `populate[0]=role`, `populate[role]=true`, `populate[role][fields][0]=name`.
 */
export function populates(query: URLSearchParams, relation: string): boolean {
  return [...query].some(([name, value]) => {
    if (name === 'populate' || /^populate\[\d*\]$/.test(name)) return asksFor(value, relation);
    const [, key] = /^populate\[(\w+|\*)\]/.exec(name) ?? [];
    return key === relation && value !== 'false';
  });
}

function asksFor(value: string, relation: string): boolean {
  return value.split(',').some((each) => {
    const [first] = each.trim().split('.', 1);
    return first === relation || first === '*' || first === 'true';
  });
}
