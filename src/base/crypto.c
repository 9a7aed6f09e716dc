#include "base/crypto.h"

#include <stdatomic.h>
#include <threads.h>

#define ROW(name) TU_LIBRARY_ROW(struct tu_crypto, name)
#define SONAME "libcrypto.so.3"

static const struct tu_library_function functions[] = {TU_CRYPTO_FUNCTIONS(ROW)};
static const char *const sonames[] = {SONAME};
static const struct tu_library library = {
	sonames, TU_COUNT(sonames), functions, TU_COUNT(functions)};

TU_LIBRARY_NOTE("crypto", "hashes and signatures", "required", TU_LIBRARY_QUOTED(SONAME));

static struct tu_crypto crypto;
static bool loaded;
static atomic_bool missed;
static once_flag once = ONCE_FLAG_INIT;

static void load(void)
{
	loaded = tu_library_load(&library, &crypto);
	atomic_store(&missed, !loaded);
}

const struct tu_crypto *tu_crypto(void)
{
	call_once(&once, load);
	return loaded ? &crypto : NULL;
}

bool tu_crypto_was_missing(void)
{
	return atomic_load(&missed);
}

enum tu_status tu_crypto_missing(struct tu_error *err)
{
	return tu_fail(err, TU_E_UNSUPPORTED, 0,
		"libcrypto (" SONAME "), which hashes and signs, is not installed");
}
