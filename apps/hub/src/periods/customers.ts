/** Different customers among orders. Pure. */

export interface CustomerOrder {
  /** By what the buyer is told from others, with commas between; "" is somebody nobody knows. */
  readonly buyer: string;
  readonly pv: number;
  /** Whether it is its buyer's first order anywhere in the company. */
  readonly first: boolean;
}

export interface Customer {
  pv: number;
  isNew: boolean;
  readonly marks: Set<string>;
}

/**
 * The customers of some orders: buyers who share any mark are one, also by way of a third order. Whoever nobody knows is a
 * customer of their own. The order in which orders come cannot matter.
 */
export function customersOf(orders: Iterable<CustomerOrder>): Iterable<Customer> {
  const customers = new Set<Customer>();
  const byMark = new Map<string, Customer>();
  for (const { buyer, pv, first } of orders) {
    const marks = buyer === "" ? [] : buyer.split(",");
    const known = new Set(marks.flatMap((mark) => byMark.get(mark) ?? []));
    const [customer = { pv: 0, isNew: false, marks: new Set<string>() }, ...same] = known;
    customers.add(customer);
    for (const mark of [...marks, ...same.flatMap((other) => [...other.marks])]) {
      customer.marks.add(mark);
      byMark.set(mark, customer);
    }
    for (const other of same) {
      customer.pv += other.pv;
      customer.isNew ||= other.isNew;
      customers.delete(other);
    }
    customer.pv += pv;
    customer.isNew ||= first;
  }
  return customers;
}
