/*
 * Random numbers that nobody can guess, from the kernel (getrandom(2)). Any thread.
 */
#ifndef TU_BASE_RANDOM_H
#define TU_BASE_RANDOM_H

#include <stddef.h>

#include <tutela/attr.h>
#include <tutela/error.h>
#include <tutela/str.h>

/* Hexadecimal digits of a public id: 128 bits, so that what a person may not see cannot be guessed.
 */
enum { TU_RANDOM_ID = 32 };

/* Fill `out` with `len` random bytes. Waits until the kernel has collected enough after boot.
 * TU_E_IO when the system refuses; the bytes are zero then. */
TU_NODISCARD enum tu_status tu_random_bytes(void *out, size_t len, struct tu_error *err);

/* A new public id in lower-case hexadecimal digits, followed by NUL. Errors as above; the text is
 * empty then. */
TU_NODISCARD enum tu_status tu_random_id(char out_id[TU_RANDOM_ID + 1], struct tu_error *err);

/* The id as a view; it borrows the bytes. */
static inline struct tu_str tu_random_id_str(const char id[TU_RANDOM_ID + 1])
{
	return tu_str_of(id, TU_RANDOM_ID);
}

#endif
