#include "connect/dtrack/ids.h"

#include <string.h>

#include "base/sha256.h"

/* Where dashes are: before which digit. */
static bool is_dash_before(size_t digit)
{
	return digit == 8 || digit == 12 || digit == 16 || digit == 20;
}

static char lower_hex(char c)
{
	if (c >= 'A' && c <= 'F')
		return (char)(c - 'A' + 'a');
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ? c : '\0';
}

struct tu_dtrack_uuid tu_dtrack_uuid(struct tu_str digits)
{
	struct tu_dtrack_uuid uuid = {""};
	size_t at = 0;

	if (digits.len < TU_RANDOM_ID)
		return uuid;
	for (size_t i = 0; i < TU_RANDOM_ID; i++) {
		char digit = lower_hex(digits.ptr[i]);

		if (!digit)
			return (struct tu_dtrack_uuid){""};
		if (is_dash_before(i))
			uuid.text[at++] = '-';
		uuid.text[at++] = digit;
	}
	return uuid;
}

struct tu_dtrack_uuid tu_dtrack_uuid_of_vulnerability(struct tu_str name)
{
	struct tu_dtrack_uuid uuid;
	struct tu_buf digits;

	tu_buf_init(&digits, TU_RANDOM_ID + 1);
	tu_sha256_mark(name, TU_RANDOM_ID, &digits);
	uuid = tu_dtrack_uuid(digits.failed ? (struct tu_str){0} : tu_buf_str(&digits));
	tu_buf_done(&digits);
	return uuid;
}

bool tu_dtrack_uuid_read(struct tu_str uuid, char out_id[TU_RANDOM_ID + 1])
{
	char id[TU_RANDOM_ID + 1];
	size_t count = 0;

	out_id[0] = '\0';
	for (size_t i = 0; i < uuid.len && uuid.len == TU_DTRACK_UUID; i++) {
		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (uuid.ptr[i] != '-')
				return false;
			continue;
		}
		id[count] = lower_hex(uuid.ptr[i]);
		if (!id[count++])
			return false;
	}
	if (count != TU_RANDOM_ID)
		return false;
	memcpy(out_id, id, TU_RANDOM_ID);
	out_id[TU_RANDOM_ID] = '\0';
	return true;
}
