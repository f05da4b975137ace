<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Admin;

use Upline\WooCommerce\Connect\Store;
use Upline\WooCommerce\Guard;
use Upline\WooCommerce\Plugin;
use Upline\WooCommerce\Settings;

/** WooCommerce > Upline: connection, deliveries, referral settings. */
final class Screen
{
    public const SLUG = 'upline';
    public const CAPABILITY = 'manage_woocommerce';
    private const TABS = ['connection', 'deliveries', 'referrals'];

    /** @var Settings */
    private $settings;
    /** @var Store */
    private $store;
    /** @var HealthBox */
    private $health;

    public function __construct(Settings $settings, Store $store, HealthBox $health)
    {
        $this->settings = $settings;
        $this->store = $store;
        $this->health = $health;
    }

    public function listen(): void
    {
        add_action('admin_menu', Guard::action(function (): void {
            $title = __('Upline', 'upline-woocommerce');
            add_submenu_page('woocommerce', $title, $title, self::CAPABILITY, self::SLUG, Guard::action([$this, 'show']));
        }), 60);
        add_action('admin_enqueue_scripts', Guard::action([$this, 'enqueue']));
        add_filter('plugin_action_links_' . Plugin::basename(), Guard::filter(static function ($links) {
            $link = sprintf('<a href="%s">%s</a>', esc_url(self::url()), esc_html__('Settings', 'upline-woocommerce'));

            return array_merge([$link], $links);
        }));
        add_action('admin_notices', Guard::action([$this, 'warn']));
    }

    /** @param array<string, string> $query */
    public static function url(string $tab = 'connection', array $query = []): string
    {
        return add_query_arg(array_merge(['page' => self::SLUG, 'tab' => $tab], $query), admin_url('admin.php'));
    }

    public function enqueue(string $page): void
    {
        wp_register_style('upline-admin', Plugin::url('assets/admin.css'), [], Plugin::VERSION);
        if (strpos($page, '_page_' . self::SLUG) === false) {
            return;
        }
        wp_enqueue_style('upline-admin');
        wp_enqueue_script('upline-admin', Plugin::url('assets/admin.js'), [], Plugin::VERSION, true);
        wp_add_inline_script('upline-admin', 'window.uplineAdmin=' . wp_json_encode([
            'rest' => rest_url('upline/v1/'),
            'nonce' => wp_create_nonce('wp_rest'),
            'texts' => [
                'testing' => __('Asking the hub…', 'upline-woocommerce'),
                'stale' => __('The shop did not answer. The figures may be old; trying again.', 'upline-woocommerce'),
                'failed' => __('The shop did not answer. Reload the page and try again.', 'upline-woocommerce'),
                'working' => __('One moment…', 'upline-woocommerce'),
            ],
        ]) . ';', 'before');
    }

    public function show(): void
    {
        if (!current_user_can(self::CAPABILITY)) {
            return;
        }
        $this->store->sealSecrets();
        // phpcs:ignore WordPress.Security.NonceVerification
        $asked = sanitize_key(wp_unslash($_GET['tab'] ?? ''));
        $tab = in_array($asked, self::TABS, true) ? $asked : 'connection';
        self::view('screen', [
            'tab' => $tab,
            'tabs' => [
                'connection' => __('Connection', 'upline-woocommerce'),
                'deliveries' => __('Deliveries', 'upline-woocommerce'),
                'referrals' => __('Referrals', 'upline-woocommerce'),
            ],
            'store' => $this->store,
            'settings' => array_merge($this->settings->all(), ['order' => $this->store->evidenceOrder()]),
            'health' => $this->health,
            'alarm' => $this->store->isConnected() ? $this->health->alarm() : '',
            'isRefused' => $this->health->isRefused(),
            'notice' => Notice::take(),
        ]);
    }

    /** Tells the shop's people, wherever they are, that orders do not reach the hub. */
    public function warn(): void
    {
        $screen = get_current_screen();
        $isOurs = $screen !== null && strpos($screen->id, '_page_' . self::SLUG) !== false;
        if (!$this->store->isConnected() || $isOurs || !current_user_can(self::CAPABILITY)) {
            return;
        }
        $problem = $this->health->alarm();
        $isAboutTheKeys = !$this->store->isHere() || $this->health->isRefused();
        if ($problem !== '') {
            printf(
                '<div class="notice notice-error"><p><strong>%s</strong> %s <a href="%s">%s</a></p></div>',
                esc_html__('Upline:', 'upline-woocommerce'),
                esc_html($problem),
                esc_url(self::url($isAboutTheKeys ? 'connection' : 'deliveries')),
                $isAboutTheKeys ? esc_html__('To the connection', 'upline-woocommerce') : esc_html__('Look at the deliveries', 'upline-woocommerce')
            );
        }
    }

    /** @param array<string, mixed> $with what the view sees as $view */
    public static function view(string $name, array $with): void
    {
        $view = $with;
        require __DIR__ . '/views/' . $name . '.php';
    }
}
