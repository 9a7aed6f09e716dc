/* VERS' two plain schemes: points in time, and bytes as they are. */
#include "version/key.h"

#include "base/time.h"

/* RFC 3339, in the order of the instants: seconds shifted to be unsigned, then the fraction. */
bool tu_version__datetime(struct tu_str version, struct tu_buf *out)
{
	int64_t seconds;

	if (version.len < 20 || version.ptr[10] != 'T' || !tu_time_parse(version, &seconds))
		return false;
	uint64_t shifted = (uint64_t)seconds + ((uint64_t)1 << 63);
	for (int shift = 56; shift >= 0; shift -= 8)
		tu_buf_byte(out, (char)(shifted >> shift & 0xff));
	size_t dot = tu_str_find(version, '.');
	struct tu_str rest = tu_str_from(version, dot + 1);
	struct tu_str fraction = tu_str_digits(&rest);
	while (fraction.len > 0 && fraction.ptr[fraction.len - 1] == '0')
		fraction.len--;
	tu_buf_str_add(out, fraction);
	return true;
}

bool tu_version__lexicographic(struct tu_str version, struct tu_buf *out)
{
	tu_buf_str_add(out, version);
	return true;
}
