import type { ShopSettings } from "./shop.ts";

/** The two shops that a stand-in has if nobody says otherwise; prices of the first contain tax. */
export const DEMO_SHOPS: readonly ShopSettings[] = [
  {
    handle: "greenleaf",
    name: "Greenleaf",
    currency: "EUR",
    timeZone: "Europe/Berlin",
    taxesIncluded: true,
    taxRate: 1900,
    products: [
      { title: "Green Tea", variants: [{ sku: "TEA-01", price: "24.90" }] },
      { title: "Rose Soap", variants: [{ sku: "SOAP-02", price: "9.50" }] },
      { title: "Starter Kit", variants: [{ sku: "STK-001", price: "89.00" }] },
      {
        title: "Daily Greens",
        variants: [
          { sku: "GREENS-30", price: "49.95", title: "30 days" },
          { sku: "GREENS-90", price: "129.00", title: "90 days" },
        ],
      },
      { title: "Gift Card", variants: [{ sku: "GIFT-50", price: "50.00", giftCard: true }] },
    ],
  },
  {
    handle: "northwind",
    name: "Northwind",
    currency: "USD",
    timeZone: "America/New_York",
    products: [
      { title: "Green Tea", variants: [{ sku: "TEA-01", price: "27.00" }] },
      { title: "Night Balm", variants: [{ sku: "BALM-15", price: "15.00" }] },
    ],
  },
];
