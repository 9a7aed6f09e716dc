/* tutela device qr: what a label of a device says to a scanner. */
#include <stdio.h>

#include "app/device_folder.h"
#include "app/label.h"
#include "app/output.h"
#include "app/qr.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/options.h"

static const char name[] = "device";

struct request {
	const char *variant, *release, *domain, *image, *output;
	bool address;
};

static const char *const images[] = {"svg", "png", "text"};

static const char *image_word(size_t index)
{
	return index < TU_COUNT(images) ? images[index] : NULL;
}

/* The text itself, or an image of it. */
static enum tu_status write(const struct request *r, struct tu_str text, struct tu_error *err)
{
	struct tu_output out;
	enum tu_status status = tu_output_open(&out, r->output, err);

	if (status != TU_OK)
		return status;
	if (strcmp(r->image, "text") == 0)
		tu_buf_printf(&out.sink.buf, "%.*s\n", TU_STR_FMT(text));
	else
		status = tu_qr_write(text, strcmp(r->image, "png") == 0 ? TU_QR_PNG : TU_QR_SVG,
			&out.sink.buf, err);
	if (status != TU_OK) {
		tu_output_abandon(&out);
		return status;
	}
	return tu_output_close(&out, err);
}

static struct tu_str text_of(const char *option)
{
	return tu_str_c(option ? option : "");
}

static enum tu_status run(const struct request *r, const char *path, struct tu_error *err)
{
	struct tu_device_folder folder = {0};
	struct tu_label label = {.variant = text_of(r->variant),
		.release = text_of(r->release),
		.domain = text_of(r->domain),
		.address = r->address};
	struct tu_str text;
	enum tu_status status = tu_device_folder_open(path, &folder, err);

	label.device = folder.device;
	if (status == TU_OK)
		status = tu_label_text(&label, folder.arena, &text, err);
	if (status == TU_OK)
		status = write(r, text, err);
	tu_device_folder_done(&folder);
	return status;
}

static int run_device_qr(int argc, char **argv)
{
	struct request r = {0};
	struct tu_error err = {0};

	if (!tu_options_take(&tu_cmd_device_qr, &argc, argv, &r))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(argv[0], "expected one device folder");
	return run(&r, argv[1], &err) == TU_OK ? TU_EXIT_OK : tu_command_failed(name, &err);
}

static const struct tu_option options[] = {
	{"variant", 0, "NAME", "Of this variant; needed where several have a UDI",
		TU_TEXT(struct request, variant)},
	{"release", 0, "VERSION", "Say the version of the software, too (GS1 only)",
		TU_TEXT(struct request, release)},
	{"domain", 0, "DOMAIN",
		"The name that answers; by default the host of the maker's namespace",
		TU_TEXT(struct request, domain)},
	{"address", 0, NULL, "An address to open, not the identifier alone",
		TU_FLAG(struct request, address)},
	{"image", 0, "IMAGE", "What to write: svg, png, or the text",
		TU_TEXT(struct request, image), .word = image_word, .preset = "svg"},
	TU_OPTION_OUTPUT(struct request, output),
};

const struct tu_command tu_cmd_device_qr = {
	.name = "device qr",
	.summary = "Write the QR code for a device's label",
	.usage = {"DIR [OPTION...]"},
	TU_OPTIONS(options),
	.notes = "The code has the device's identifier for the Transparency Exchange API, from "
		 "which "
		 "a scanner\ncomes to its SBOMs and statements: docs/connect/tea.md.\n",
	.run = run_device_qr,
};
