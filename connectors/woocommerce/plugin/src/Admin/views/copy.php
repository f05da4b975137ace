<?php

/** @var array<string, mixed> $view */

defined('ABSPATH') || exit;

$uplineStore = $view['store'];
?>
<div class="upline-card upline-card-warning">
    <h2>
        <?php
        echo esc_html(sprintf(
            $uplineStore->isSilent()
                /* translators: %s: address of a shop */
                ? __('A silent copy of %s', 'upline-woocommerce')
                /* translators: %s: address of a shop */
                : __('This looks like a copy of %s', 'upline-woocommerce'),
            $uplineStore->knownAddress()
        ));
        ?>
    </h2>
    <p>
        <?php
        echo esc_html(sprintf(
            $uplineStore->isSilent()
                /* translators: %s: address of a shop */
                ? __('This shop runs at %s. Nothing is noted and nothing is sent from here.', 'upline-woocommerce')
                /* translators: %s: address of a shop */
                : __('This shop runs at %s, but was connected at the address above. Nothing is sent until you say which it is.', 'upline-woocommerce'),
            Upline\WooCommerce\Connect\Store::address()
        ));
        ?>
    </p>
    <?php if (!$uplineStore->isSilent()) : ?>
        <form method="post" action="<?php echo esc_url(admin_url('admin-post.php')); ?>" data-upline-busy>
            <input type="hidden" name="action" value="upline_silence">
            <?php wp_nonce_field('upline_silence'); ?>
            <p>
                <button type="submit" class="button button-primary"><?php esc_html_e('It is a copy: keep silent', 'upline-woocommerce'); ?></button>
                <span class="description"><?php esc_html_e('For staging and test copies. The live shop is not touched.', 'upline-woocommerce'); ?></span>
            </p>
        </form>
    <?php endif; ?>
    <form
        method="post"
        action="<?php echo esc_url(admin_url('admin-post.php')); ?>"
        data-upline-busy
        data-upline-confirm="<?php esc_attr_e('From then on the hub takes orders from this address only. Go on?', 'upline-woocommerce'); ?>"
    >
        <input type="hidden" name="action" value="upline_moved">
        <?php wp_nonce_field('upline_moved'); ?>
        <p>
            <button type="submit" class="button"><?php esc_html_e('This shop has moved here', 'upline-woocommerce'); ?></button>
            <span class="description">
                <?php esc_html_e('It stays the same store in the hub, with all its orders; the old address is refused from then on.', 'upline-woocommerce'); ?>
            </span>
        </p>
    </form>
</div>
