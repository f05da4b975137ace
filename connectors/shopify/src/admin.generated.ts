/** Made from the schema by `pnpm generate`: what each document takes and answers. */

export type Money = { readonly shopMoney: { readonly amount: string; readonly currencyCode: string; }; readonly presentmentMoney: { readonly amount: string; readonly currencyCode: string; }; };

export type Line = { readonly id: string; readonly name: string; readonly title: string; readonly sku: string | null; readonly quantity: number; readonly currentQuantity: number; readonly isGiftCard: boolean; readonly variant: { readonly legacyResourceId: string; } | null; readonly product: { readonly legacyResourceId: string; } | null; readonly originalUnitPriceSet: Money; readonly discountAllocations: readonly ({ readonly allocatedAmountSet: Money; })[]; readonly taxLines: readonly ({ readonly priceSet: Money; })[]; readonly customAttributes: readonly ({ readonly key: string; readonly value: string | null; })[]; };

export type Application = Partial<{ readonly code: string; }> & { readonly __typename: string; readonly index: number; };

export type Head = { readonly id: string; readonly legacyResourceId: string; readonly name: string; readonly createdAt: string; readonly processedAt: string; readonly updatedAt: string; readonly cancelledAt: string | null; readonly cancelReason: string | null; readonly displayFinancialStatus: string | null; readonly test: boolean; readonly currencyCode: string; readonly presentmentCurrencyCode: string; readonly taxesIncluded: boolean; readonly sourceName: string | null; readonly landingPageUrl: string | null; readonly originalTotalPriceSet: Money; readonly subtotalPriceSet: Money | null; readonly currentTotalPriceSet: Money; readonly totalTipReceivedSet: Money; readonly customAttributes: readonly ({ readonly key: string; readonly value: string | null; })[]; readonly customerJourneySummary: { readonly ready: boolean; readonly lastVisit: { readonly landingPage: string | null; } | null; } | null; readonly customer?: { readonly legacyResourceId: string; } | null; };

export type RefundedLine = { readonly quantity: number; readonly lineItem: { readonly id: string; }; readonly subtotalSet: Money; readonly totalTaxSet: Money; };

export type Refund = { readonly id: string; readonly legacyResourceId: string; readonly createdAt: string | null; readonly processedAt: string; readonly duties: readonly ({ readonly amountSet: Money; })[] | null; readonly refundLineItems: { readonly nodes: readonly (RefundedLine)[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null; }; }; readonly refundShippingLines: { readonly nodes: readonly ({ readonly subtotalAmountSet: Money; readonly taxAmountSet: Money; })[]; readonly pageInfo: { readonly hasNextPage: boolean; }; }; readonly orderAdjustments: { readonly nodes: readonly ({ readonly id: string; readonly reason: string | null; readonly amountSet: Money; readonly taxAmountSet: Money; })[]; readonly pageInfo: { readonly hasNextPage: boolean; }; }; readonly transactions: { readonly nodes: readonly ({ readonly id: string; readonly kind: string; readonly status: string; readonly amountSet: Money; })[]; readonly pageInfo: { readonly hasNextPage: boolean; }; }; };

export type Whole = Head & { readonly lineItems: { readonly nodes: readonly (Line)[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null; }; }; readonly discountApplications: { readonly nodes: readonly (Application)[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null; }; }; readonly refunds: readonly (Refund)[]; };

export type ShopResult = { readonly shop: { readonly name: string; readonly currencyCode: string; readonly ianaTimezone: string; readonly myshopifyDomain: string; }; };

export type ShopVariables = Readonly<Record<string, never>>;

export type OrdersResult = { readonly orders: { readonly nodes: readonly (Whole)[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null; }; }; };

export type OrdersVariables = {
  readonly query?: string | null;
  readonly sortKey: "CREATED_AT" | "CURRENT_TOTAL_PRICE" | "CUSTOMER_NAME" | "DESTINATION" | "FINANCIAL_STATUS" | "FULFILLMENT_STATUS" | "ID" | "ORDER_NUMBER" | "PO_NUMBER" | "PROCESSED_AT" | "RELEVANCE" | "TOTAL_ITEMS_QUANTITY" | "TOTAL_PRICE" | "UPDATED_AT";
  readonly first: number;
  readonly after?: string | null;
  readonly lines: number;
  readonly parts: number;
  readonly refunds: number;
  readonly withCustomer: boolean;
};

export type OrderResult = { readonly order: Whole | null; };

export type OrderVariables = {
  readonly id: string;
  readonly lines: number;
  readonly parts: number;
  readonly refunds: number;
  readonly withCustomer: boolean;
};

export type MoreLinesResult = { readonly order: { readonly lineItems: { readonly nodes: readonly (Line)[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null; }; }; } | null; };

export type MoreLinesVariables = {
  readonly id: string;
  readonly first: number;
  readonly after?: string | null;
};

export type MoreApplicationsResult = { readonly order: { readonly discountApplications: { readonly nodes: readonly (Application)[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null; }; }; } | null; };

export type MoreApplicationsVariables = {
  readonly id: string;
  readonly first: number;
  readonly after?: string | null;
};

export type OrdersCountResult = { readonly ordersCount: { readonly count: number; readonly precision: string; } | null; };

export type OrdersCountVariables = {
  readonly query?: string | null;
};

export type FirstOrderResult = { readonly orders: { readonly nodes: readonly ({ readonly legacyResourceId: string; readonly createdAt: string; readonly updatedAt: string; })[]; }; };

export type FirstOrderVariables = {
  readonly query?: string | null;
  readonly sortKey: "CREATED_AT" | "CURRENT_TOTAL_PRICE" | "CUSTOMER_NAME" | "DESTINATION" | "FINANCIAL_STATUS" | "FULFILLMENT_STATUS" | "ID" | "ORDER_NUMBER" | "PO_NUMBER" | "PROCESSED_AT" | "RELEVANCE" | "TOTAL_ITEMS_QUANTITY" | "TOTAL_PRICE" | "UPDATED_AT";
};

export type KnownOrdersResult = { readonly nodes: readonly (Partial<{ readonly legacyResourceId: string; readonly updatedAt: string; readonly refunds: readonly ({ readonly legacyResourceId: string; })[]; }> & { readonly __typename: string; } | null)[]; };

export type KnownOrdersVariables = {
  readonly ids: readonly (string)[];
  readonly refunds: number;
};

export type VariantsResult = { readonly productVariants: { readonly nodes: readonly ({ readonly legacyResourceId: string; readonly title: string; readonly sku: string | null; readonly price: string; readonly product: { readonly legacyResourceId: string; readonly title: string; readonly status: string; }; })[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null; }; }; };

export type VariantsVariables = {
  readonly first: number;
  readonly after?: string | null;
};

export type BulkOrdersResult = { readonly orders: { readonly edges: readonly ({ readonly node: Head & { readonly refunds: readonly ({ readonly legacyResourceId: string; })[]; readonly lineItems: { readonly edges: readonly ({ readonly node: Line; })[]; }; readonly discountApplications: { readonly edges: readonly ({ readonly node: Application; })[]; }; }; })[]; }; };

export type BulkOrdersVariables = {
  readonly query?: string | null;
  readonly sortKey: "CREATED_AT" | "CURRENT_TOTAL_PRICE" | "CUSTOMER_NAME" | "DESTINATION" | "FINANCIAL_STATUS" | "FULFILLMENT_STATUS" | "ID" | "ORDER_NUMBER" | "PO_NUMBER" | "PROCESSED_AT" | "RELEVANCE" | "TOTAL_ITEMS_QUANTITY" | "TOTAL_PRICE" | "UPDATED_AT";
  readonly withCustomer: boolean;
};

export type MoreRefundedResult = { readonly refund: { readonly refundLineItems: { readonly nodes: readonly (RefundedLine)[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null; }; }; } | null; };

export type MoreRefundedVariables = {
  readonly id: string;
  readonly first: number;
  readonly after?: string | null;
};

export type RunBulkResult = { readonly bulkOperationRunQuery: { readonly bulkOperation: { readonly id: string; readonly status: string; } | null; readonly userErrors: readonly ({ readonly field: readonly (string)[] | null; readonly message: string; readonly code: string | null; })[]; } | null; };

export type RunBulkVariables = {
  readonly query: string;
};

export type BulkOperationResult = { readonly bulkOperation: { readonly id: string; readonly status: string; readonly errorCode: string | null; readonly url: string | null; readonly objectCount: string; } | null; };

export type BulkOperationVariables = {
  readonly id: string;
};

export type DiscountOfCodeResult = { readonly codeDiscountNodeByCode: { readonly id: string; readonly codeDiscount: { readonly __typename: string; }; } | null; };

export type DiscountOfCodeVariables = {
  readonly code: string;
};

export type CreateDiscountResult = { readonly discountCodeBasicCreate: { readonly codeDiscountNode: { readonly id: string; } | null; readonly userErrors: readonly ({ readonly field: readonly (string)[] | null; readonly message: string; readonly code: string | null; })[]; } | null; };

export type CreateDiscountVariables = {
  readonly discount: DiscountCodeBasicInput;
};

export type AddCodesResult = { readonly discountRedeemCodeBulkAdd: { readonly bulkCreation: { readonly id: string; } | null; readonly userErrors: readonly ({ readonly field: readonly (string)[] | null; readonly message: string; readonly code: string | null; })[]; } | null; };

export type AddCodesVariables = {
  readonly discountId: string;
  readonly codes: readonly (DiscountRedeemCodeInput)[];
};

export type AddedCodesResult = { readonly discountRedeemCodeBulkCreation: { readonly done: boolean; readonly codes: { readonly nodes: readonly ({ readonly code: string; readonly errors: readonly ({ readonly message: string; })[]; })[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null; }; }; } | null; };

export type AddedCodesVariables = {
  readonly id: string;
  readonly first: number;
  readonly after?: string | null;
};

export type WebhooksResult = { readonly webhookSubscriptions: { readonly nodes: readonly ({ readonly topic: string; readonly uri: string; })[]; }; };

export type WebhooksVariables = Readonly<Record<string, never>>;

export type DiscountCodeBasicInput = {
  readonly appliesOncePerCustomer?: boolean | null;
  readonly code?: string | null;
  readonly combinesWith?: DiscountCombinesWithInput | null;
  readonly context?: DiscountContextInput | null;
  readonly customerGets?: DiscountCustomerGetsInput | null;
  readonly customerSelection?: DiscountCustomerSelectionInput | null;
  readonly endsAt?: string | null;
  readonly minimumRequirement?: DiscountMinimumRequirementInput | null;
  readonly recurringCycleLimit?: number | null;
  readonly startsAt?: string | null;
  readonly tags?: readonly (string)[] | null;
  readonly title?: string | null;
  readonly usageLimit?: number | null;
};

export type DiscountCombinesWithInput = {
  readonly orderDiscounts?: boolean | null;
  readonly productDiscounts?: boolean | null;
  readonly productDiscountsWithTagsOnSameCartLine?: ProductDiscountsWithTagsOnSameCartLineInput | null;
  readonly shippingDiscounts?: boolean | null;
};

export type ProductDiscountsWithTagsOnSameCartLineInput = {
  readonly add?: readonly (string)[] | null;
  readonly remove?: readonly (string)[] | null;
};

export type DiscountContextInput = {
  readonly all?: "ALL" | null;
  readonly customerSegments?: DiscountCustomerSegmentsInput | null;
  readonly customers?: DiscountCustomersInput | null;
  readonly markets?: DiscountMarketsInput | null;
};

export type DiscountCustomerSegmentsInput = {
  readonly add?: readonly (string)[] | null;
  readonly remove?: readonly (string)[] | null;
};

export type DiscountCustomersInput = {
  readonly add?: readonly (string)[] | null;
  readonly remove?: readonly (string)[] | null;
};

export type DiscountMarketsInput = {
  readonly add?: readonly (string)[] | null;
  readonly remove?: readonly (string)[] | null;
};

export type DiscountCustomerGetsInput = {
  readonly appliesOnOneTimePurchase?: boolean | null;
  readonly appliesOnSubscription?: boolean | null;
  readonly items?: DiscountItemsInput | null;
  readonly value?: DiscountCustomerGetsValueInput | null;
};

export type DiscountItemsInput = {
  readonly all?: boolean | null;
  readonly collections?: DiscountCollectionsInput | null;
  readonly products?: DiscountProductsInput | null;
};

export type DiscountCollectionsInput = {
  readonly add?: readonly (string)[] | null;
  readonly remove?: readonly (string)[] | null;
};

export type DiscountProductsInput = {
  readonly productVariantsToAdd?: readonly (string)[] | null;
  readonly productVariantsToRemove?: readonly (string)[] | null;
  readonly productsToAdd?: readonly (string)[] | null;
  readonly productsToRemove?: readonly (string)[] | null;
};

export type DiscountCustomerGetsValueInput = {
  readonly discountAmount?: DiscountAmountInput | null;
  readonly discountOnQuantity?: DiscountOnQuantityInput | null;
  readonly percentage?: number | null;
};

export type DiscountAmountInput = {
  readonly amount?: string | null;
  readonly appliesOnEachItem?: boolean | null;
};

export type DiscountOnQuantityInput = {
  readonly effect?: DiscountEffectInput | null;
  readonly quantity?: string | null;
};

export type DiscountEffectInput = {
  readonly amount?: string | null;
  readonly percentage?: number | null;
};

export type DiscountCustomerSelectionInput = {
  readonly all?: boolean | null;
  readonly customerSegments?: DiscountCustomerSegmentsInput | null;
  readonly customers?: DiscountCustomersInput | null;
};

export type DiscountMinimumRequirementInput = {
  readonly quantity?: DiscountMinimumQuantityInput | null;
  readonly subtotal?: DiscountMinimumSubtotalInput | null;
};

export type DiscountMinimumQuantityInput = {
  readonly greaterThanOrEqualToQuantity?: string | null;
};

export type DiscountMinimumSubtotalInput = {
  readonly greaterThanOrEqualToSubtotal?: string | null;
};

export type DiscountRedeemCodeInput = {
  readonly code: string;
};
