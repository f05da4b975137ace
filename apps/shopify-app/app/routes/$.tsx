/** Any other address: an answer of 404 that has the root's data, as every document needs it. */
export function loader(): never {
  throw new Response(null, { status: 404 });
}

export default function Nowhere() {
  return null;
}
