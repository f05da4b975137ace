<?php

/** @var array<string, mixed> $view */

use Upline\WooCommerce\Admin\Screen;

defined('ABSPATH') || exit;

?>
<div class="wrap upline">
    <h1>
        <?php esc_html_e('Upline', 'upline-woocommerce'); ?>
        <?php if ($view['store']->isConnected() && !$view['store']->isHere()) : ?>
            <span class="upline-badge upline-badge-bad"><?php esc_html_e('Copy: nothing is sent', 'upline-woocommerce'); ?></span>
        <?php elseif ($view['store']->isConnected() && $view['alarm'] !== '') : ?>
            <span class="upline-badge upline-badge-bad"><?php esc_html_e('Needs you', 'upline-woocommerce'); ?></span>
        <?php elseif ($view['store']->isConnected()) : ?>
            <span class="upline-badge upline-badge-good"><?php esc_html_e('Connected', 'upline-woocommerce'); ?></span>
        <?php else : ?>
            <span class="upline-badge"><?php esc_html_e('Not connected', 'upline-woocommerce'); ?></span>
        <?php endif; ?>
    </h1>
    <hr class="wp-header-end">
    <?php if ($view['notice'] !== null) : ?>
        <div class="notice notice-<?php echo esc_attr($view['notice']['kind']); ?> is-dismissible">
            <p><?php echo esc_html($view['notice']['text']); ?></p>
        </div>
    <?php endif; ?>
    <nav class="nav-tab-wrapper" aria-label="<?php esc_attr_e('Upline', 'upline-woocommerce'); ?>">
        <?php foreach ($view['tabs'] as $uplineTab => $uplineTitle) : ?>
            <a
                class="nav-tab <?php echo $uplineTab === $view['tab'] ? 'nav-tab-active' : ''; ?>"
                <?php echo $uplineTab === $view['tab'] ? 'aria-current="page"' : ''; ?>
                href="<?php echo esc_url(Screen::url($uplineTab)); ?>"
            ><?php echo esc_html($uplineTitle); ?></a>
        <?php endforeach; ?>
    </nav>
    <?php
    if ($view['tab'] === 'deliveries') {
        echo '<div class="upline-health" aria-live="polite">';
        // Escaped where it is written, in the view "health".
        echo $view['health']->html();
        echo '</div><p class="upline-stale" role="status" hidden></p>';
        Screen::view('again', ['isConnected' => $view['store']->mayDeliver(), 'isNew' => $view['store']->isNewToItsHub()]);
    } elseif ($view['tab'] === 'referrals') {
        Screen::view('referrals', $view['settings']);
    } else {
        if ($view['store']->isConnected() && !$view['store']->isHere()) {
            Screen::view('copy', ['store' => $view['store']]);
        } elseif ($view['alarm'] !== '') {
            echo '<div class="notice notice-error inline"><p>' . esc_html($view['alarm']) . '</p></div>';
        }
        Screen::view($view['store']->isConnected() ? 'connected' : 'connect', ['store' => $view['store'], 'isRefused' => $view['isRefused']]);
    }
    ?>
</div>
