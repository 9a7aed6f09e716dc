/*
 * What `tutela device new` leaves for the maker to replace, and names that nobody has: nothing of
 * this belongs into a document for others.
 */
#ifndef TU_DEVICE_PLACEHOLDER_H
#define TU_DEVICE_PLACEHOLDER_H

#include <tutela/device.h>

struct tu_placeholder {
	const char *field; /* "manufacturer.name": static storage */
	struct tu_str value; /* as stated */
	bool published; /* statements and notices have the field */
};

enum { TU_PLACEHOLDERS_MAX = 8 };

/* The fields that still have the template's words; how many. */
size_t tu_device__placeholders(
	const struct tu_device *device, struct tu_placeholder out[TU_PLACEHOLDERS_MAX]);

/* Whether an address is in a domain that is kept for examples (RFC 2606, 3; RFC 6761, 6.5: the
 * template's own "….example" is a placeholder). */
bool tu_device__is_reserved(struct tu_str address);

#endif
