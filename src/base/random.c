#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>

#include "base/random.h"

enum tu_status tu_random_bytes(void *out, size_t len, struct tu_error *err)
{
	char *at = out;
	size_t left = len;

	while (left) {
		ssize_t got = getrandom(at, left, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			memset(out, 0, len);
			return tu_fail(err, TU_E_IO, 0, "the system gives no random numbers: %s",
				strerror(errno));
		}
		at += got;
		left -= (size_t)got;
	}
	return TU_OK;
}

enum tu_status tu_random_id(char out_id[TU_RANDOM_ID + 1], struct tu_error *err)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t bytes[TU_RANDOM_ID / 2];
	enum tu_status status = tu_random_bytes(bytes, sizeof(bytes), err);

	memset(out_id, 0, TU_RANDOM_ID + 1);
	for (size_t i = 0; !status && i < sizeof(bytes); i++) {
		out_id[2 * i] = digits[bytes[i] >> 4];
		out_id[2 * i + 1] = digits[bytes[i] & 15];
	}
	return status;
}
