<?php

/** @var array<string, mixed> $view */

defined('ABSPATH') || exit;

$uplineElsewhere = $view['store']->elsewhereBefore();
?>
<div class="upline-card">
    <h2><?php esc_html_e('Connect this shop to your hub', 'upline-woocommerce'); ?></h2>
    <p>
        <?php esc_html_e(
            'Upline takes the referral code of a distributor from the first click to the order, and every order to your hub.',
            'upline-woocommerce'
        ); ?>
        <?php esc_html_e(
            'The hub works out the commissions. Until the shop is connected, codes are kept on the orders and nothing is sent.',
            'upline-woocommerce'
        ); ?>
    </p>
    <form method="post" action="<?php echo esc_url(admin_url('admin-post.php')); ?>" data-upline-busy>
        <input type="hidden" name="action" value="upline_connect">
        <?php wp_nonce_field('upline_connect'); ?>
        <p>
            <label for="upline-code"><strong><?php esc_html_e('Connection code', 'upline-woocommerce'); ?></strong></label>
            <input type="text" id="upline-code" name="code" class="large-text code" autocomplete="off" spellcheck="false">
            <span class="description">
                <?php esc_html_e(
                    'Whoever runs your hub makes one with this command. It works once, for 24 hours, and is all you need:',
                    'upline-woocommerce'
                ); ?>
                <code>pnpm upline store connect-code</code>
            </span>
        </p>
        <?php if ($uplineElsewhere !== '') : ?>
            <p>
                <label>
                    <input type="checkbox" name="moved" value="yes">
                    <?php
                    /* translators: %s: address of a shop */
                    echo esc_html(sprintf(__('This is the shop that ran at %s, and it has moved here.', 'upline-woocommerce'), $uplineElsewhere));
                    ?>
                </label><br>
                <span class="description">
                    <?php esc_html_e('It keeps its store in the hub then. Leave this empty in a copy.', 'upline-woocommerce'); ?>
                </span>
            </p>
        <?php endif; ?>
        <details>
            <summary><?php esc_html_e('I have no code', 'upline-woocommerce'); ?></summary>
            <p>
                <label for="upline-hub"><strong><?php esc_html_e('Address of the hub', 'upline-woocommerce'); ?></strong></label>
                <input type="text" id="upline-hub" name="hub" class="large-text code" placeholder="https://hub.example.com">
                <span class="description">
                    <?php esc_html_e(
                        'Connect takes you to the hub. Whoever has an API key with the scope "admin" agrees there, and you come back.',
                        'upline-woocommerce'
                    ); ?>
                </span>
            </p>
        </details>
        <p><button type="submit" class="button button-primary"><?php esc_html_e('Connect', 'upline-woocommerce'); ?></button></p>
    </form>
</div>
