<?php

/** @var array<string, mixed> $view */

defined('ABSPATH') || exit;

$uplineAgo = static function (int $at): string {
    /* translators: %s: a time span such as "2 hours" */
    return $at === 0 ? __('never', 'upline-woocommerce') : sprintf(__('%s ago', 'upline-woocommerce'), human_time_diff($at));
};
$uplineOutcomes = [
    'stored' => __('stored', 'upline-woocommerce'),
    'again' => __('tried again later', 'upline-woocommerce'),
    'dead' => __('refused', 'upline-woocommerce'),
];
$uplineKinds = [
    'order' => __('Order', 'upline-woocommerce'),
    'product' => __('Product', 'upline-woocommerce'),
    'stock' => __('Stock', 'upline-woocommerce'),
    'customer' => __('Customer', 'upline-woocommerce'),
];
$uplineCounts = $view['counts'];
?>
<div class="upline-card">
    <h2><?php esc_html_e('How deliveries are doing', 'upline-woocommerce'); ?></h2>
    <?php if (!$view['isConnected']) : ?>
        <p><?php esc_html_e('Not connected: nothing is sent. Connect the shop on the first tab.', 'upline-woocommerce'); ?></p>
    <?php endif; ?>
    <div class="upline-figures">
        <div>
            <strong><?php echo esc_html($uplineAgo((int) $view['health']['lastDeliveryAt'])); ?></strong>
            <span><?php esc_html_e('last delivery', 'upline-woocommerce'); ?></span>
        </div>
        <div>
            <strong><?php echo esc_html($view['isBroken'] ? '?' : number_format_i18n($uplineCounts['waiting'])); ?></strong>
            <span><?php esc_html_e('waiting', 'upline-woocommerce'); ?></span>
        </div>
        <div class="<?php echo $uplineCounts['dead'] > 0 ? 'upline-bad' : ''; ?>">
            <strong><?php echo esc_html($view['isBroken'] ? '?' : number_format_i18n($uplineCounts['dead'])); ?></strong>
            <span><?php esc_html_e('refused', 'upline-woocommerce'); ?></span>
        </div>
    </div>
    <?php if ($view['alarm'] !== '') : ?>
        <p class="upline-bad"><?php echo esc_html($view['alarm']); ?></p>
    <?php endif; ?>
    <?php if ((int) $view['health']['pausedUntil'] > time()) : ?>
        <p>
            <?php
            echo esc_html(sprintf(
                /* translators: 1: technical reason, 2: a time span such as "2 mins" */
                __('The hub is not answering (%1$s). Next try in %2$s; everything waits safely until then.', 'upline-woocommerce'),
                $view['health']['lastProblem'],
                human_time_diff(time(), (int) $view['health']['pausedUntil'])
            ));
            ?>
        </p>
    <?php endif; ?>
</div>
<?php if ($view['dead'] !== []) : ?>
    <div class="upline-card">
        <h2><?php esc_html_e('Refused deliveries', 'upline-woocommerce'); ?></h2>
        <p><?php esc_html_e('The hub has refused these for good. Mend the reason, then try them again.', 'upline-woocommerce'); ?></p>
        <form method="post" action="<?php echo esc_url(admin_url('admin-post.php')); ?>" data-upline-busy>
            <input type="hidden" name="action" value="upline_retry">
            <?php wp_nonce_field('upline_retry'); ?>
            <table class="widefat striped upline-table">
                <thead>
                    <tr>
                        <th scope="col"><?php esc_html_e('What', 'upline-woocommerce'); ?></th>
                        <th scope="col"><?php esc_html_e('Reason', 'upline-woocommerce'); ?></th>
                        <th scope="col"><?php esc_html_e('Changed', 'upline-woocommerce'); ?></th>
                        <th scope="col">
                            <button type="submit" class="button" name="id" value="0">
                                <?php esc_html_e('Try all again', 'upline-woocommerce'); ?>
                            </button>
                        </th>
                    </tr>
                </thead>
                <tbody>
                    <?php foreach ($view['dead'] as $uplineRow) : ?>
                        <tr>
                            <td><?php echo esc_html(($uplineKinds[$uplineRow['entity']] ?? '') . ' #' . $uplineRow['entity_id']); ?></td>
                            <td><?php echo esc_html($uplineRow['last_status'] . ' ' . $uplineRow['last_problem']); ?></td>
                            <td><?php echo esc_html($uplineAgo((int) $uplineRow['changed_at'])); ?></td>
                            <td>
                                <button type="submit" class="button" name="id" value="<?php echo esc_attr($uplineRow['id']); ?>">
                                    <?php esc_html_e('Try again', 'upline-woocommerce'); ?>
                                </button>
                            </td>
                        </tr>
                    <?php endforeach; ?>
                </tbody>
            </table>
        </form>
    </div>
<?php endif; ?>
<div class="upline-card">
    <h2><?php esc_html_e('Log', 'upline-woocommerce'); ?></h2>
    <?php if ($view['journal'] === []) : ?>
        <p><?php esc_html_e('Nothing has been sent yet. The next order appears here.', 'upline-woocommerce'); ?></p>
    <?php else : ?>
        <table class="widefat striped upline-table">
            <thead>
                <tr>
                    <th scope="col"><?php esc_html_e('When', 'upline-woocommerce'); ?></th>
                    <th scope="col"><?php esc_html_e('What', 'upline-woocommerce'); ?></th>
                    <th scope="col"><?php esc_html_e('Outcome', 'upline-woocommerce'); ?></th>
                    <th scope="col"><?php esc_html_e('Took', 'upline-woocommerce'); ?></th>
                    <th scope="col"><?php esc_html_e('Note', 'upline-woocommerce'); ?></th>
                </tr>
            </thead>
            <tbody>
                <?php foreach ($view['journal'] as $uplineRow) : ?>
                    <tr>
                        <td title="<?php echo esc_attr(wp_date('Y-m-d H:i:s', (int) $uplineRow['at'])); ?>">
                            <?php echo esc_html($uplineAgo((int) $uplineRow['at'])); ?>
                        </td>
                        <td><?php echo esc_html(($uplineKinds[$uplineRow['entity']] ?? '') . ' #' . $uplineRow['entity_id']); ?></td>
                        <td class="<?php echo $uplineRow['outcome'] === 'stored' ? 'upline-good' : 'upline-bad'; ?>">
                            <?php echo esc_html($uplineOutcomes[$uplineRow['outcome']] ?? $uplineRow['outcome']); ?>
                        </td>
                        <td><?php echo esc_html(number_format_i18n((int) $uplineRow['took_ms'])); ?> ms</td>
                        <td><?php echo esc_html($uplineRow['note']); ?></td>
                    </tr>
                <?php endforeach; ?>
            </tbody>
        </table>
    <?php endif; ?>
</div>
