<?php

/** @var array<string, mixed> $view */

defined('ABSPATH') || exit;

$uplineHome = home_url('/');
$uplineSources = [
    'manual' => __('what the shop\'s people set on the order', 'upline-woocommerce'),
    'discount-code' => __('a coupon of a distributor', 'upline-woocommerce'),
    'checkout-field' => __('what the buyer fills in at checkout', 'upline-woocommerce'),
    'cart-attribute' => __('the referral link', 'upline-woocommerce'),
];
?>
<form method="post" action="<?php echo esc_url(admin_url('admin-post.php')); ?>" class="upline-card" data-upline-busy>
    <h2><?php esc_html_e('How referrals are kept', 'upline-woocommerce'); ?></h2>
    <input type="hidden" name="action" value="upline_settings">
    <?php wp_nonce_field('upline_settings'); ?>
    <table class="form-table" role="presentation">
        <tr>
            <th scope="row"><label for="upline-parameter"><?php esc_html_e('Link parameter', 'upline-woocommerce'); ?></label></th>
            <td>
                <input type="text" id="upline-parameter" name="parameter" value="<?php echo esc_attr($view['parameter']); ?>" maxlength="20">
                <p class="description"><code><?php echo esc_html($uplineHome . '?' . $view['parameter'] . '=ANNA77'); ?></code></p>
            </td>
        </tr>
        <tr>
            <th scope="row"><label for="upline-prefix"><?php esc_html_e('Short link', 'upline-woocommerce'); ?></label></th>
            <td>
                <input type="text" id="upline-prefix" name="prefix" value="<?php echo esc_attr($view['prefix']); ?>" maxlength="20">
                <p class="description"><code><?php echo esc_html($uplineHome . $view['prefix'] . '/ANNA77'); ?></code></p>
            </td>
        </tr>
        <tr>
            <th scope="row"><label for="upline-window"><?php esc_html_e('Remember for', 'upline-woocommerce'); ?></label></th>
            <td>
                <input
                    type="number"
                    id="upline-window"
                    name="window_days"
                    class="small-text"
                    min="1"
                    max="365"
                    value="<?php echo esc_attr((string) $view['window_days']); ?>"
                >
                <?php esc_html_e('days', 'upline-woocommerce'); ?>
            </td>
        </tr>
        <tr>
            <th scope="row"><?php esc_html_e('Several links', 'upline-woocommerce'); ?></th>
            <td>
                <fieldset>
                    <label>
                        <input type="radio" name="touch" value="last" <?php checked($view['touch'], 'last'); ?>>
                        <?php esc_html_e('the last one counts', 'upline-woocommerce'); ?>
                    </label><br>
                    <label>
                        <input type="radio" name="touch" value="first" <?php checked($view['touch'], 'first'); ?>>
                        <?php esc_html_e('the first one counts', 'upline-woocommerce'); ?>
                    </label>
                    <p class="description"><?php esc_html_e('Both are kept with the order; the hub has the last word.', 'upline-woocommerce'); ?></p>
                </fieldset>
            </td>
        </tr>
        <tr>
            <th scope="row"><label for="upline-field"><?php esc_html_e('"Who referred you?" at checkout', 'upline-woocommerce'); ?></label></th>
            <td>
                <select id="upline-field" name="field">
                    <option value="optional" <?php selected($view['field'], 'optional'); ?>>
                        <?php esc_html_e('Shown, may stay empty', 'upline-woocommerce'); ?>
                    </option>
                    <option value="required" <?php selected($view['field'], 'required'); ?>>
                        <?php esc_html_e('Shown, must be filled in', 'upline-woocommerce'); ?>
                    </option>
                    <option value="off" <?php selected($view['field'], 'off'); ?>>
                        <?php esc_html_e('Not shown', 'upline-woocommerce'); ?>
                    </option>
                </select>
                <p class="description">
                    <?php esc_html_e('A buyer who leaves it empty is referred by nobody: no link counts then.', 'upline-woocommerce'); ?>
                </p>
            </td>
        </tr>
        <tr>
            <th scope="row"><?php esc_html_e('What counts first', 'upline-woocommerce'); ?></th>
            <td>
                <ol class="upline-order-of-evidence">
                    <?php foreach ($view['order'] as $uplineSource) : ?>
                        <?php if (isset($uplineSources[$uplineSource])) : ?>
                            <li><?php echo esc_html($uplineSources[$uplineSource]); ?></li>
                        <?php endif; ?>
                    <?php endforeach; ?>
                </ol>
                <p class="description">
                    <?php esc_html_e('Your company decides this in its hub. A code that nobody has gives way to the next.', 'upline-woocommerce'); ?>
                </p>
            </td>
        </tr>
        <tr>
            <th scope="row"><?php esc_html_e('Order pages and mails', 'upline-woocommerce'); ?></th>
            <td>
                <label>
                    <input type="checkbox" name="show_buyer" value="yes" <?php checked($view['show_buyer'], 'yes'); ?>>
                    <?php esc_html_e('Show the buyer whom the order supports, once the hub knows the code', 'upline-woocommerce'); ?>
                </label>
            </td>
        </tr>
    </table>
    <p><button type="submit" class="button button-primary"><?php esc_html_e('Save', 'upline-woocommerce'); ?></button></p>
</form>
