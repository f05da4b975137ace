/* "Who referred you?" in the checkout. */
define(['uiComponent', 'Upline_Connector/js/model/referral'], function (Component, referral) {
    'use strict';

    return Component.extend({
        defaults: {
            template: 'Upline_Connector/referral'
        },

        initialize: function () {
            var timer = null;

            this._super();
            this.referral = referral;
            this.isAsked = referral.field !== 'off';
            this.isRequired = referral.field === 'required';
            if (referral.code() !== '') {
                referral.look();
            }
            referral.code.subscribe(function () {
                clearTimeout(timer);
                timer = setTimeout(referral.save, 400);
            });

            return this;
        }
    });
});
