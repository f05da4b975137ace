<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Sync;

/** The plugin's two tables. */
final class Tables
{
    private const VERSION = '1';
    private const VERSION_OPTION = 'upline_tables';

    public static function outbox(): string
    {
        global $wpdb;

        return $wpdb->prefix . 'upline_outbox';
    }

    public static function journal(): string
    {
        global $wpdb;

        return $wpdb->prefix . 'upline_journal';
    }

    /** Creates or changes the tables where this version of the plugin has not done so yet. */
    public static function ensure(): void
    {
        if (get_option(self::VERSION_OPTION) === self::VERSION) {
            return;
        }
        self::create();
        update_option(self::VERSION_OPTION, self::VERSION, true);
    }

    /**
     * Makes what is missing: tables that a backup left out, columns that a repair has lost.
     *
     * @return string why the outbox cannot be used even so; empty where it can
     */
    public static function repair(): string
    {
        global $wpdb;
        $shown = $wpdb->hide_errors();
        $problem = self::problem();
        if ($problem !== '') {
            self::create();
            $problem = self::problem();
        }
        $wpdb->show_errors($shown);

        return $problem;
    }

    private static function problem(): string
    {
        global $wpdb;
        $before = $wpdb->suppress_errors(true);
        $read = $wpdb->query('SELECT id, entity, entity_id, act, revision, state, attempts, changed_at, first_failed_at, next_attempt_at,
            claimed_until, claim, last_status, last_problem FROM ' . self::outbox() . ' LIMIT 1');
        $problem = $read === false ? $wpdb->last_error : '';
        if ($problem === '') {
            $kind = (string) $wpdb->get_var($wpdb->prepare('SELECT table_type FROM information_schema.tables
                WHERE table_schema = DATABASE() AND table_name = %s', self::outbox()));
            $problem = $kind === 'BASE TABLE' ? '' : self::outbox() . ' is no table';
        }
        $wpdb->suppress_errors($before);

        return $problem;
    }

    private static function create(): void
    {
        global $wpdb;
        require_once ABSPATH . 'wp-admin/includes/upgrade.php';
        $collate = $wpdb->get_charset_collate();
        dbDelta('CREATE TABLE ' . self::outbox() . " (
            id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
            entity varchar(16) NOT NULL,
            entity_id bigint(20) unsigned NOT NULL,
            act varchar(8) NOT NULL,
            revision int(10) unsigned NOT NULL DEFAULT 1,
            state varchar(8) NOT NULL DEFAULT 'waiting',
            attempts smallint(5) unsigned NOT NULL DEFAULT 0,
            changed_at int(10) unsigned NOT NULL DEFAULT 0,
            first_failed_at int(10) unsigned NOT NULL DEFAULT 0,
            next_attempt_at int(10) unsigned NOT NULL DEFAULT 0,
            claimed_until int(10) unsigned NOT NULL DEFAULT 0,
            claim varchar(32) NOT NULL DEFAULT '',
            last_status smallint(5) unsigned NOT NULL DEFAULT 0,
            last_problem varchar(255) NOT NULL DEFAULT '',
            PRIMARY KEY  (id),
            UNIQUE KEY entity (entity,entity_id),
            KEY due (state,next_attempt_at)
        ) $collate;");
        dbDelta('CREATE TABLE ' . self::journal() . " (
            id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
            at int(10) unsigned NOT NULL,
            outcome varchar(8) NOT NULL,
            entity varchar(16) NOT NULL DEFAULT '',
            entity_id bigint(20) unsigned NOT NULL DEFAULT 0,
            status smallint(5) unsigned NOT NULL DEFAULT 0,
            took_ms int(10) unsigned NOT NULL DEFAULT 0,
            note varchar(255) NOT NULL DEFAULT '',
            PRIMARY KEY  (id)
        ) $collate;");
    }

    public static function drop(): void
    {
        global $wpdb;
        // phpcs:ignore -- names of our own tables
        $wpdb->query('DROP TABLE IF EXISTS ' . self::outbox() . ', ' . self::journal());
        delete_option(self::VERSION_OPTION);
    }
}
