/* WooCommerce > Upline: the test button, figures that stay fresh, forms that are sent once. */
( function ( options ) {
	'use strict';
	if ( ! options ) {
		return;
	}
	var REFRESH_MS = 10000;

	function ask( path, method ) {
		return fetch( options.rest + path, {
			method: method,
			headers: { 'X-WP-Nonce': options.nonce },
			credentials: 'same-origin'
		} ).then( function ( answer ) {
			if ( ! answer.ok ) {
				throw new Error( 'status ' + answer.status );
			}
			return answer.json();
		} );
	}

	var test = document.querySelector( '[data-upline-test]' );
	if ( test ) {
		var result = document.querySelector( '.upline-test' );
		test.addEventListener( 'click', function () {
			test.disabled = true;
			result.className = 'upline-test';
			result.textContent = options.texts.testing;
			ask( 'test', 'POST' )
				.catch( function () {
					return { ok: false, text: options.texts.failed };
				} )
				.then( function ( answer ) {
					test.disabled = false;
					result.className = 'upline-test ' + ( answer.ok ? 'upline-good' : 'upline-bad' );
					result.textContent = answer.text;
				} );
		} );
	}

	var health = document.querySelector( '.upline-health' );
	if ( health ) {
		var stale = document.querySelector( '.upline-stale' );
		setInterval( function () {
			if ( document.hidden || health.contains( document.activeElement ) ) {
				return;
			}
			ask( 'health', 'GET' )
				.then( function ( answer ) {
					health.innerHTML = answer.html;
					stale.hidden = true;
				} )
				.catch( function () {
					stale.textContent = options.texts.stale;
					stale.hidden = false;
				} );
		}, REFRESH_MS );
	}

	document.addEventListener( 'submit', function ( event ) {
		var form = event.target;
		var question = form.getAttribute( 'data-upline-confirm' );
		if ( question && ! window.confirm( question ) ) {
			event.preventDefault();
			return;
		}
		if ( ! form.hasAttribute( 'data-upline-busy' ) ) {
			return;
		}
		// After the browser has read the form, so that the pressed button's value is sent.
		setTimeout( function () {
			form.querySelectorAll( 'button[type="submit"]' ).forEach( function ( button ) {
				button.disabled = true;
				if ( button === event.submitter ) {
					button.textContent = options.texts.working;
				}
			} );
		} );
	} );
} )( window.uplineAdmin );
