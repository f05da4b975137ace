<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Capture;

use Automattic\WooCommerce\StoreApi\Exceptions\RouteException;
use Automattic\WooCommerce\StoreApi\Schemas\V1\CartSchema;
use Automattic\WooCommerce\StoreApi\Schemas\V1\CheckoutSchema;
use Throwable;
use Upline\WooCommerce\Guard;
use Upline\WooCommerce\Settings;
use WC_Order;
use WP_REST_Request;

/** The Checkout block and every other client of the Store API: field "ref" in the namespace "upline". */
final class BlockCheckout
{
    private const SPACE = 'upline';

    /** @var Settings */
    private $settings;
    /** @var Evidence */
    private $evidence;
    /** @var CheckoutScript */
    private $script;

    public function __construct(Settings $settings, Evidence $evidence, CheckoutScript $script)
    {
        $this->settings = $settings;
        $this->evidence = $evidence;
        $this->script = $script;
    }

    public function listen(): void
    {
        add_action('woocommerce_blocks_loaded', Guard::action([$this, 'extend']));
        add_action('woocommerce_store_api_checkout_update_order_from_request', [$this, 'write'], 10, 2);
        add_action('woocommerce_blocks_checkout_block_registration', Guard::action(function ($registry): void {
            $registry->register(new BlockCheckoutScript($this->script));
        }));
    }

    public function extend(): void
    {
        if (!function_exists('woocommerce_store_api_register_endpoint_data')) {
            return;
        }
        woocommerce_store_api_register_endpoint_data([
            'endpoint' => CheckoutSchema::IDENTIFIER,
            'namespace' => self::SPACE,
            'schema_type' => ARRAY_A,
            'schema_callback' => static function (): array {
                return ['ref' => self::field(__('Referral code the buyer has typed.', 'upline-woocommerce'), false)];
            },
        ]);
        woocommerce_store_api_register_endpoint_data([
            'endpoint' => CartSchema::IDENTIFIER,
            'namespace' => self::SPACE,
            'schema_type' => ARRAY_A,
            'schema_callback' => static function (): array {
                return ['ref' => self::field(__('Referral code of the link the buyer came by.', 'upline-woocommerce'), true)];
            },
            'data_callback' => Guard::filter(function (): array {
                return ['ref' => $this->evidence->linkedCode()];
            }),
        ]);
    }

    /**
     * Not wrapped by the guard: a wrong code has to reach the buyer. Everything else is caught here.
     *
     * @throws RouteException
     */
    public function write(WC_Order $order, WP_REST_Request $request): void
    {
        try {
            $typed = $request['extensions'][self::SPACE]['ref'] ?? null;
            $typed = is_string($typed) && $this->settings->field() !== 'off' ? sanitize_text_field($typed) : null;
            $problem = $request->get_method() === 'POST' ? $this->evidence->problem($typed) : null;
            if ($problem === null) {
                $this->evidence->writeTo($order, $typed);

                return;
            }
        } catch (Throwable $failure) {
            Guard::report($failure);

            return;
        }
        throw new RouteException('upline_unknown_referral', esc_html($problem), 400);
    }

    /** @return array<string, mixed> */
    private static function field(string $description, bool $isReadonly): array
    {
        return [
            'description' => $description,
            'type' => ['string', 'null'],
            'context' => ['view', 'edit'],
            'readonly' => $isReadonly,
            'optional' => true,
        ];
    }
}
