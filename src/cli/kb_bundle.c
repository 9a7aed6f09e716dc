/* tutela kb keygen, export, import: knowledge carried across an air gap. */
#include <stdio.h>
#include <string.h>

#include "app/bundle.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/options.h"

static const char name[] = "kb";

struct keygen {
	const char *output;
};

static int run_keygen(int argc, char **argv)
{
	struct keygen request = {0};
	struct tu_error err = {0};

	if (!tu_options_take(&tu_cmd_kb_keygen, &argc, argv, &request))
		return TU_EXIT_USAGE;
	if (argc > 1)
		return tu_command_misused(argv[0], "expected no operand");
	if (tu_app_keygen(request.output, &err) != TU_OK)
		return tu_command_failed(name, &err);
	printf("%s.key signs: keep it secret\n%s.pub verifies: give it to those who import\n",
		request.output, request.output);
	return TU_EXIT_OK;
}

static int run_export(int argc, char **argv)
{
	struct tu_export_request request = {0};
	struct tu_export_answer answer;
	struct tu_error err = {0};

	if (!tu_options_take(&tu_cmd_kb_export, &argc, argv, &request))
		return TU_EXIT_USAGE;
	if (argc > 1 || strcmp(request.output, "-") == 0)
		return tu_command_misused(argv[0], "expected no operand, and a file for --output");
	if (tu_app_export(tu_context(), &request, &answer, &err) != TU_OK)
		return tu_command_failed(name, &err);
	printf("%s: %.1f MB, %s of %.1f MB\n", request.output, (double)answer.bundle_bytes / 1e6,
		request.base ? "a difference that makes a knowledge base" : "a knowledge base",
		(double)answer.kb_bytes / 1e6);
	return TU_EXIT_OK;
}

static int run_import(int argc, char **argv)
{
	struct tu_import_request request = {0};
	struct tu_import_answer answer;
	struct tu_error err = {0};

	if (!tu_options_take(&tu_cmd_kb_import, &argc, argv, &request))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(argv[0], "expected one bundle");
	request.bundle = argv[1];
	if (!request.output)
		request.output = tu_context()->kb_default;
	if (!request.output)
		return tu_command_failed(name,
			&(struct tu_error){.status = TU_E_IO,
				.message = "no place to write to: neither HOME nor XDG_DATA_HOME"});
	if (tu_app_import(tu_context(), &request, &answer, &err) != TU_OK)
		return tu_command_failed(name, &err);
	printf("%s: %.1f MB, the signature is valid\n", request.output,
		(double)answer.kb_bytes / 1e6);
	return TU_EXIT_OK;
}

/* ---- the rows ---- */

static const struct tu_option keygen_options[] = {
	{"output", 'o', "NAME", "Write NAME.key, which signs, and NAME.pub, which verifies",
		TU_TEXT(struct keygen, output), .written = true, .required = true},
};

static const struct tu_option export_options[] = {
	{"sign", 0, "KEYFILE", "Sign the bundle with this key",
		TU_TEXT(struct tu_export_request, key), .required = true},
	{"output", 'o', "FILE", "Write the bundle to FILE",
		TU_TEXT(struct tu_export_request, output), .written = true, .required = true},
	{"base", 0, "FILE", "Write only the difference from this older knowledge base",
		TU_TEXT(struct tu_export_request, base)},
	TU_OPTION_KB(struct tu_export_request, kb),
};

static const struct tu_option import_options[] = {
	{"trust", 0, "PUBKEY", "Verify the signature with this key",
		TU_TEXT(struct tu_import_request, key), .required = true},
	{"output", 'o', "FILE", "Write the knowledge base to FILE (default: the user's own)",
		TU_TEXT(struct tu_import_request, output), .written = true},
	{"allow-older", 0, NULL,
		"Accept a bundle that is older than the present one, may be, or is of the future",
		TU_FLAG(struct tu_import_request, allow_older)},
};

const struct tu_command tu_cmd_kb_keygen = {
	.name = "kb keygen",
	.summary = "Create a pair of keys for signed bundles",
	.usage = {"-o NAME"},
	TU_OPTIONS(keygen_options),
	.unconfined = true,
	.run = run_keygen,
};

const struct tu_command tu_cmd_kb_export = {
	.name = "kb export",
	.summary = "Write a knowledge base as a signed bundle",
	.usage = {"--sign KEYFILE -o FILE [OPTION...]"},
	TU_OPTIONS(export_options),
	.run = run_export,
};

const struct tu_command tu_cmd_kb_import = {
	.name = "kb import",
	.summary = "Verify a signed bundle and install its knowledge base",
	.usage = {"FILE --trust PUBKEY [OPTION...]"},
	TU_OPTIONS(import_options),
	.unconfined = true,
	.run = run_import,
};
