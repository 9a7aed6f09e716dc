#include "sign/password.h"

#include <threads.h>

#include <sodium.h>

#include "base/library.h"

#define FUNCTIONS(X) X(sodium_init) X(crypto_pwhash_str) X(crypto_pwhash_str_verify)
#define ROW(name) TU_LIBRARY_ROW(struct sodium, name)
#define SONAME "libsodium.so.23"

struct sodium {
	FUNCTIONS(TU_LIBRARY_MEMBER)
};

static const struct tu_library_function functions[] = {FUNCTIONS(ROW)};
static const char *const sonames[] = {SONAME};
static const struct tu_library library = {
	sonames, TU_COUNT(sonames), functions, TU_COUNT(functions)};

TU_LIBRARY_NOTE(
	"sodium", "passwords of the service's users", "recommended", TU_LIBRARY_QUOTED(SONAME));

_Static_assert(TU_PASSWORD_HASH_MAX == crypto_pwhash_STRBYTES, "the size of libsodium's hash");

static struct sodium sodium;
static bool loaded;
static once_flag once = ONCE_FLAG_INIT;

static void load(void)
{
	loaded = tu_library_load(&library, &sodium) && sodium.sodium_init() >= 0;
}

static enum tu_status need(struct tu_error *err)
{
	call_once(&once, load);
	return loaded ? TU_OK
		      : tu_fail(err, TU_E_UNSUPPORTED, 0,
				"libsodium is not installed: install the package libsodium23");
}

static enum tu_status make(
	struct tu_str password, char out_hash[TU_PASSWORD_HASH_MAX], struct tu_error *err)
{
	if (sodium.crypto_pwhash_str(out_hash, password.len ? password.ptr : "", password.len,
		    crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
		return tu_no_memory(err);
	return TU_OK;
}

enum tu_status tu_password_hash(
	struct tu_str password, char out_hash[TU_PASSWORD_HASH_MAX], struct tu_error *err)
{
	enum tu_status status = need(err);

	if (status)
		return status;
	if (password.len < TU_PASSWORD_MIN || password.len > TU_PASSWORD_MAX)
		return tu_fail(err, TU_E_USAGE, 0, "a password has %d to %d bytes", TU_PASSWORD_MIN,
			TU_PASSWORD_MAX);
	return make(password, out_hash, err);
}

enum tu_status tu_password_verify(const char hash[TU_PASSWORD_HASH_MAX], struct tu_str password,
	bool *out_fits, struct tu_error *err)
{
	char unused[TU_PASSWORD_HASH_MAX];
	enum tu_status status = need(err);

	*out_fits = false;
	if (status || password.len > TU_PASSWORD_MAX)
		return status;
	if (!hash[0])
		return make(password, unused, err);
	*out_fits = sodium.crypto_pwhash_str_verify(
			    hash, password.len ? password.ptr : "", password.len) == 0;
	return TU_OK;
}
