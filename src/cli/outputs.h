/*
 * The outputs of one run: --format, which may be repeated, with --output.
 *
 * "-f NAME=FILE" writes to FILE; the one "-f NAME" without a file writes to what --output names, or
 * to standard output.
 */
#ifndef TU_CLI_OUTPUTS_H
#define TU_CLI_OUTPUTS_H

#include "cli/options.h"
#include "app/output.h"

enum { TU_OUTPUTS_MAX = 8 };

struct tu_outputs {
	struct {
		struct tu_str format;
		const char *path; /* NULL: standard output */
		struct tu_output output;
	} at[TU_OUTPUTS_MAX];
	size_t count;
};

/* Read the values of --format and --output (NULL: not given); without a --format it is `preset`.
 * False: two of them are for one place, or a file has no name; the complaint has been printed. */
bool tu_outputs_take(const char *command, const struct tu_values *formats, const char *preset,
	const char *output, struct tu_outputs *out);

/* The descriptor that colour depends on: standard output, or -1 for a file. */
int tu_outputs_terminal(const struct tu_outputs *outputs, size_t index);

/*
 * Open all, write each and close them, in this order: when one cannot be opened or written, no file
 * is replaced. `write` writes the output `index` into the sink.
 */
TU_NODISCARD enum tu_status tu_outputs_write(struct tu_outputs *outputs,
	enum tu_status (*write)(
		void *context, size_t index, struct tu_sink *sink, struct tu_error *err),
	void *context, struct tu_error *err);

#endif
