<?php

/** @var array<string, mixed> $view */

defined('ABSPATH') || exit;

$uplineStore = $view['store'];
?>
<div class="upline-card">
    <h2>
        <?php
        if (!$uplineStore->isHere()) {
            esc_html_e('The shop it was copied from', 'upline-woocommerce');
        } elseif ($view['isRefused']) {
            esc_html_e('This shop was connected', 'upline-woocommerce');
        } else {
            esc_html_e('This shop is connected', 'upline-woocommerce');
        }
        ?>
    </h2>
    <dl class="upline-facts">
        <dt><?php esc_html_e('Company', 'upline-woocommerce'); ?></dt>
        <dd><?php echo esc_html($uplineStore->company()); ?></dd>
        <dt><?php esc_html_e('Hub', 'upline-woocommerce'); ?></dt>
        <dd>
            <a href="<?php echo esc_url($uplineStore->hub()); ?>" target="_blank" rel="noopener noreferrer">
                <?php echo esc_html($uplineStore->hub()); ?>
            </a>
        </dd>
        <dt><?php esc_html_e('Store', 'upline-woocommerce'); ?></dt>
        <dd><code><?php echo esc_html($uplineStore->storeId()); ?></code></dd>
        <dt><?php esc_html_e('Address of the shop', 'upline-woocommerce'); ?></dt>
        <dd><?php echo esc_html($uplineStore->knownAddress()); ?></dd>
        <dt><?php esc_html_e('Since', 'upline-woocommerce'); ?></dt>
        <dd><?php echo esc_html(wp_date(get_option('date_format') . ' ' . get_option('time_format'), $uplineStore->connectedAt())); ?></dd>
        <dt><?php esc_html_e('Keys', 'upline-woocommerce'); ?></dt>
        <dd>
            <?php if ($uplineStore->secret() === null) : ?>
                <strong class="upline-bad">
                    <?php esc_html_e('cannot be read: UPLINE_KEY has changed. Connect the shop again.', 'upline-woocommerce'); ?>
                </strong>
            <?php elseif ($uplineStore->secretsAreSealed()) : ?>
                <?php esc_html_e('encrypted with UPLINE_KEY', 'upline-woocommerce'); ?>
            <?php else : ?>
                <?php esc_html_e('in the database. Define UPLINE_KEY in wp-config.php to encrypt them.', 'upline-woocommerce'); ?>
            <?php endif; ?>
        </dd>
    </dl>
    <?php if ($uplineStore->isHere()) : ?>
        <p>
            <button type="button" class="button button-primary" data-upline-test>
                <?php esc_html_e('Test the connection', 'upline-woocommerce'); ?>
            </button>
            <span class="upline-test" role="status" aria-live="polite"></span>
        </p>
    <?php endif; ?>
</div>
<div class="upline-card">
    <h2>
        <?php
        if ($uplineStore->isHere()) {
            esc_html_e('Connect again', 'upline-woocommerce');
        } else {
            esc_html_e('Make it a shop of its own', 'upline-woocommerce');
        }
        ?>
    </h2>
    <details <?php echo $view['isRefused'] ? 'open' : ''; ?>>
        <summary><?php esc_html_e('I have a new connection code', 'upline-woocommerce'); ?></summary>
        <form method="post" action="<?php echo esc_url(admin_url('admin-post.php')); ?>" data-upline-busy>
            <input type="hidden" name="action" value="upline_connect">
            <?php wp_nonce_field('upline_connect'); ?>
            <p>
                <label for="upline-code"><strong><?php esc_html_e('New connection code', 'upline-woocommerce'); ?></strong></label>
                <input type="text" id="upline-code" name="code" class="large-text code" autocomplete="off" spellcheck="false" required>
                <span class="description">
                    <?php
                    if ($uplineStore->isHere()) {
                        esc_html_e(
                            'Replaces both keys. Store and orders stay as they are, and what has waited is sent at once. The command for a code:',
                            'upline-woocommerce'
                        );
                    } else {
                        esc_html_e('The hub makes a new store for this address; the other shop stays as it is. The command for a code:', 'upline-woocommerce');
                    }
                    ?>
                    <code>pnpm upline store connect-code</code>
                </span>
            </p>
            <p><button type="submit" class="button button-primary"><?php esc_html_e('Connect again', 'upline-woocommerce'); ?></button></p>
        </form>
    </details>
</div>
<div class="upline-card">
    <h2><?php esc_html_e('Disconnect', 'upline-woocommerce'); ?></h2>
    <p>
        <?php
        if ($uplineStore->isHere()) {
            esc_html_e(
                'The keys are deleted here and in the hub, and no more orders are sent. Referral codes are still kept on the orders.',
                'upline-woocommerce'
            );
        } else {
            esc_html_e('This copy forgets the keys. The shop it was copied from stays connected.', 'upline-woocommerce');
        }
        ?>
    </p>
    <form
        method="post"
        action="<?php echo esc_url(admin_url('admin-post.php')); ?>"
        data-upline-busy
        data-upline-confirm="<?php esc_attr_e('Really disconnect this shop from its hub?', 'upline-woocommerce'); ?>"
    >
        <input type="hidden" name="action" value="upline_disconnect">
        <?php wp_nonce_field('upline_disconnect'); ?>
        <button type="submit" class="button"><?php esc_html_e('Disconnect', 'upline-woocommerce'); ?></button>
    </form>
</div>
