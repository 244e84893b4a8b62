export function withRelationsOf(content: string, core: string): string;
