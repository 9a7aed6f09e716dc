#include "app/qr.h"

#include "base/alloc.h"
#include "base/png.h"

#ifdef TU_ZINT_SONAME
#include <zint.h>

#include "base/library.h"

#define FUNCTIONS(X) X(ZBarcode_Create) X(ZBarcode_Encode) X(ZBarcode_Delete)

struct zint {
	FUNCTIONS(TU_LIBRARY_MEMBER)
};

/* The struct of a symbol is another one in each version: the one that this was built with. */
TU_LIBRARY(library, struct zint, FUNCTIONS, TU_ZINT_SONAME);
TU_LIBRARY_NOTE("qr", "QR codes for labels", "suggested", TU_LIBRARY_QUOTED(TU_ZINT_SONAME));

enum { QUIET = 4, PIXELS = 8, SIDE_MAX = 177, CORRECTION_M = 2 };

/* The modules, row after row; 1 is dark. */
struct modules {
	unsigned side;
	uint8_t dark[SIDE_MAX * SIDE_MAX];
};

static enum tu_status take(
	const struct zint_symbol *symbol, struct modules *out, struct tu_error *err)
{
	if (symbol->width != symbol->rows || symbol->width <= 0 || symbol->width > SIDE_MAX)
		return tu_fail(err, TU_E_CORRUPT, 0, "libzint made no square");
	out->side = (unsigned)symbol->width;
	for (unsigned y = 0; y < out->side; y++)
		for (unsigned x = 0; x < out->side; x++)
			out->dark[y * out->side + x] =
				symbol->encoded_data[y][x / 8] >> (x % 8) & 1;
	return TU_OK;
}

static enum tu_status encode(struct tu_str text, struct modules *out, struct tu_error *err)
{
	const struct zint *zint = tu_library(&library);
	struct zint_symbol *symbol;
	enum tu_status status;

	if (!zint)
		return tu_fail(err, TU_E_UNSUPPORTED, 0,
			"for a QR code " TU_ZINT_SONAME " is needed, which is not installed");
	symbol = zint->ZBarcode_Create();
	if (!symbol)
		return tu_no_memory(err);
	symbol->symbology = BARCODE_QRCODE;
	symbol->input_mode = UNICODE_MODE;
	symbol->option_1 = CORRECTION_M;
	if (!text.len || text.len > INT32_MAX ||
		zint->ZBarcode_Encode(symbol, (const unsigned char *)text.ptr, (int)text.len) >=
			ZINT_ERROR)
		status = tu_fail(err, TU_E_USAGE, 0, "this text does not go into a QR code: %s",
			symbol->errtxt);
	else
		status = take(symbol, out, err);
	zint->ZBarcode_Delete(symbol);
	return status;
}

/* ---- images ---- */

/* Each run of dark modules of a row is a rectangle. */
static void write_svg(const struct modules *m, struct tu_buf *out)
{
	unsigned side = m->side + 2 * QUIET;

	tu_buf_printf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %u %u\" "
		"shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h%uv%uH0z\"/><path "
		"d=\"",
		side, side, side, side);
	for (unsigned y = 0; y < m->side; y++) {
		for (unsigned x = 0; x < m->side; x++) {
			unsigned run = 0;

			while (x + run < m->side && m->dark[y * m->side + x + run])
				run++;
			if (run)
				tu_buf_printf(
					out, "M%u %uh%uv1h-%uz", x + QUIET, y + QUIET, run, run);
			x += run;
		}
	}
	tu_buf_c(out, "\"/></svg>\n");
}

static bool is_dark(const struct modules *m, unsigned x, unsigned y)
{
	return x >= QUIET && y >= QUIET && x - QUIET < m->side && y - QUIET < m->side &&
		m->dark[(y - QUIET) * m->side + x - QUIET];
}

static void write_png(const struct modules *m, struct tu_buf *out)
{
	unsigned side = (m->side + 2 * QUIET) * PIXELS;
	size_t row = side / 8;
	uint8_t *rows = tu_alloc(row, side);
	const struct tu_png image = {side, side, rows};

	if (!rows) {
		out->failed = true;
		return;
	}
	/* eight pixels of a module are one byte */
	for (unsigned y = 0; y < side; y++)
		for (unsigned x = 0; x < row; x++)
			rows[y * row + x] = is_dark(m, x, y / PIXELS) ? 0 : 0xff;
	tu_png_write(&image, out);
	tu_free(rows);
}

enum tu_status tu_qr_write(
	struct tu_str text, enum tu_qr_image image, struct tu_buf *out, struct tu_error *err)
{
	struct modules *m = tu_alloc(1, sizeof(*m));
	enum tu_status status = m ? encode(text, m, err) : tu_no_memory(err);

	if (status == TU_OK) {
		if (image == TU_QR_SVG)
			write_svg(m, out);
		else
			write_png(m, out);
		status = out->failed ? tu_no_memory(err) : TU_OK;
	}
	tu_free(m);
	return status;
}

#else

enum tu_status tu_qr_write(
	struct tu_str text, enum tu_qr_image image, struct tu_buf *out, struct tu_error *err)
{
	(void)text;
	(void)image;
	(void)out;
	return tu_fail(err, TU_E_UNSUPPORTED, 0,
		"QR codes need libzint, which this program was built without");
}

#endif
