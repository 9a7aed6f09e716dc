#include "base/crypto.h"

#define SONAME "libcrypto.so.3"

TU_LIBRARY(library, struct tu_crypto, TU_CRYPTO_FUNCTIONS, SONAME);

TU_LIBRARY_NOTE("crypto", "hashes and signatures", "required", TU_LIBRARY_QUOTED(SONAME));

const struct tu_crypto *tu_crypto(void)
{
	return tu_library(&library);
}

bool tu_crypto_was_missing(void)
{
	return tu_library_was_missing(&library);
}

enum tu_status tu_crypto_missing(struct tu_error *err)
{
	return tu_fail(err, TU_E_UNSUPPORTED, 0,
		"libcrypto (" SONAME "), which hashes and signs, is not installed");
}
