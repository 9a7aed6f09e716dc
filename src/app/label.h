/*
 * What a label of a device says to a scanner: the identifier by which the Transparency Exchange API
 * is asked (ident/tei.h), or the address that answers it.
 */
#ifndef TU_APP_LABEL_H
#define TU_APP_LABEL_H

#include <tutela/device.h>

struct tu_label {
	const struct tu_device *device;
	struct tu_str variant; /* by its name; empty: the one that has a device identifier */
	struct tu_str release; /* empty: all; else its version goes into the UDI, "(8012)4.3.1" */
	struct tu_str domain; /* empty: the host of the maker's namespace */
	bool address; /* "https://DOMAIN/tea/…": for a scanner that opens addresses */
};

/* In the arena. TU_E_USAGE says what the device is without, or which variants there are. */
TU_NODISCARD enum tu_status tu_label_text(const struct tu_label *label, struct tu_arena *arena,
	struct tu_str *out_text, struct tu_error *err);

#endif
