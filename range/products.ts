// The products of the range, by the prefix of their paths.
import type { Product } from './product.ts';
import { edr } from './products/edr.ts';
import { idp } from './products/idp.ts';
import { tickets } from './products/tickets.ts';

export const PRODUCTS: readonly Product[] = [idp, edr, tickets];

export const PRODUCT_NAMES: readonly string[] = PRODUCTS.map((product) => product.name);
