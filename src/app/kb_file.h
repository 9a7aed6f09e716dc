/*
 * Which knowledge base a command uses, and that it is whole.
 *
 * In this order: --kb FILE; then, as the context has them, $TUTELA_KB; the one in the user's data
 * folder where it exists; the starter.
 *
 * A file is verified in full (checksum, every reference) once in each of its states. A stamp in the
 * context's folder of stamps, private to the user, remembers the state: device, inode, size, times
 * of modification and change, checksum of the header. Where no stamp can be kept, the file is
 * verified each time.
 *
 * Beside the file "FILE.sources.json" says from which sources it was built and how fresh each is.
 */
#ifndef TU_APP_KB_FILE_H
#define TU_APP_KB_FILE_H

#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/kb.h>

#include "app/context.h"
#include "feed/sidecar.h"

/* Follows the name of a knowledge base. The second name is that of an account that waits for the
 * knowledge base it is about (app/kb_put.h): it counts when the first is about another one. */
#define TU_KB_SIDECAR ".sources.json"
#define TU_KB_SIDECAR_NEXT ".sources.json.next"

enum tu_kb_verification {
	TU_KB_VERIFY_ONCE, /* unless a stamp says that it was */
	TU_KB_VERIFY_ALWAYS
};

struct tu_kb_file {
	struct tu_kb *kb;
	struct tu_buf path; /* NUL-terminated; empty for the starter */
	const char *chosen_by; /* "--kb", "$TUTELA_KB", "the user's data folder", "built in" */
	bool starter;
	const struct tu_sidecar *sidecar; /* NULL: none, or none that can be used */
	struct tu_buf sidecar_text; /* what `sidecar` was read from */
	struct tu_error sidecar_problem; /* why one that is there cannot be used */
	struct tu_arena *arena; /* of the sidecar */
};

/* Choose and open. `option`: the argument of --kb, or NULL. TU_E_CORRUPT for a damaged
 * file; TU_E_NOTFOUND, TU_E_IO, TU_E_UNSUPPORTED, TU_E_NOMEM. Messages name the file. */
TU_NODISCARD enum tu_status tu_kb_file_open(const struct tu_app_context *context,
	const char *option, enum tu_kb_verification verification, struct tu_kb_file *out_file,
	struct tu_error *err);
void tu_kb_file_close(struct tu_kb_file *file);

/* Make the folders above a file, private where they are new. */
void tu_kb_file_make_folders(const char *path);

#endif
