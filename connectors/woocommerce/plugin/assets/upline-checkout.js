/* The classic checkout: says whose code stands in the field. */
( function () {
	'use strict';
	var options = window.uplineCheckout;
	var hint = document.querySelector( '.upline-referral-hint' );
	if ( ! options || ! hint ) {
		return;
	}
	var field = document.getElementById( 'upline_ref' );
	var asked = 0;
	var timer;

	function show( state, text ) {
		hint.setAttribute( 'data-state', state );
		hint.textContent = text;
		if ( field ) {
			field.setAttribute( 'aria-invalid', state === 'unknown' ? 'true' : 'false' );
		}
	}

	function ask( typed ) {
		var code = typed.trim().replace( /[a-z]/g, function ( letter ) {
			return letter.toUpperCase();
		} );
		var turn = ++asked;
		if ( code === '' ) {
			return show( 'empty', '' );
		}
		if ( ! /^[^\s,;|<>"\\`]{1,60}$/.test( code ) ) {
			return show( 'unknown', options.texts.unknown );
		}
		show( 'checking', options.texts.checking );
		fetch( options.lookup + encodeURIComponent( code ), { credentials: 'omit' } )
			.then( function ( answer ) {
				return answer.json();
			} )
			.catch( function () {
				return {};
			} )
			.then( function ( found ) {
				if ( turn !== asked ) {
					return;
				}
				if ( found.state === 'known' ) {
					show( 'known', options.texts.supporting.replace( '%s', found.name || code ) );
				} else if ( found.state === 'unknown' ) {
					show( 'unknown', field ? options.texts.unknown : '' );
				} else {
					show( 'later', field ? options.texts.later : '' );
				}
			} );
	}

	if ( field ) {
		field.addEventListener( 'input', function () {
			clearTimeout( timer );
			timer = setTimeout( function () {
				ask( field.value );
			}, 400 );
		} );
	}
	ask( field ? field.value : hint.getAttribute( 'data-code' ) );
} )();
