#include "sign/password.h"

#include <sodium.h>

#include "base/ed25519.h"
#include "base/library.h"
#include "sign/password_form.h"

#define FUNCTIONS(X) X(sodium_init) X(crypto_pwhash_str) X(crypto_pwhash_str_verify)
#define SONAME "libsodium.so.23"

struct sodium {
	FUNCTIONS(TU_LIBRARY_MEMBER)
};

TU_LIBRARY(library, struct sodium, FUNCTIONS, SONAME);

TU_LIBRARY_NOTE(
	"sodium", "passwords of the service's users", "recommended", TU_LIBRARY_QUOTED(SONAME));

_Static_assert(TU_PASSWORD_HASH_MAX == crypto_pwhash_STRBYTES, "the size of libsodium's hash");

/* sodium_init() may be called by any thread, again and again. */
static enum tu_status need(const struct sodium **out_sodium, struct tu_error *err)
{
	*out_sodium = tu_library(&library);
	if (!*out_sodium || (*out_sodium)->sodium_init() < 0)
		return tu_fail(err, TU_E_UNSUPPORTED, 0,
			"libsodium is not installed: install the package libsodium23");
	return TU_OK;
}

static enum tu_status make(const struct sodium *sodium, struct tu_str password,
	char out_hash[TU_PASSWORD_HASH_MAX], struct tu_error *err)
{
	if (sodium->crypto_pwhash_str(out_hash, password.len ? password.ptr : "", password.len,
		    crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
		return tu_no_memory(err);
	return TU_OK;
}

static void forget(struct tu_buf *form)
{
	if (form->ptr)
		tu_wipe(form->ptr, form->cap);
	tu_buf_done(form);
}

enum tu_status tu_password_hash(
	struct tu_str password, char out_hash[TU_PASSWORD_HASH_MAX], struct tu_error *err)
{
	const struct sodium *sodium;
	enum tu_status status = need(&sodium, err);
	struct tu_buf form;

	if (status)
		return status;
	tu_buf_init(&form, TU_PASSWORD_FORM_MAX);
	status = tu_password__form(password, &form, err);
	if (!status)
		status = make(sodium, tu_buf_str(&form), out_hash, err);
	forget(&form);
	return status;
}

enum tu_status tu_password_verify(const char hash[TU_PASSWORD_HASH_MAX], struct tu_str password,
	bool *out_fits, struct tu_error *err)
{
	char unused[TU_PASSWORD_HASH_MAX];
	const struct sodium *sodium;
	enum tu_status status = need(&sodium, err);
	struct tu_buf form;

	*out_fits = false;
	if (status)
		return status;
	tu_buf_init(&form, TU_PASSWORD_FORM_MAX);
	/* what cannot be a password is as wrong as another one, and takes as long */
	status = tu_password__form(password, &form, err);
	if (status == TU_E_USAGE)
		status = make(sodium, TU_STR(""), unused, err);
	else if (!status && !hash[0])
		status = make(sodium, tu_buf_str(&form), unused, err);
	else if (!status)
		*out_fits = sodium->crypto_pwhash_str_verify(hash, form.ptr, form.len) == 0;
	forget(&form);
	return status;
}
