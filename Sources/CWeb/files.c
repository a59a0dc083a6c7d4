// Written by scripts/web from the folder beside it.
#include "CWeb.h"

static const unsigned char f0[] = {
#embed "files/css/base.css"
};
static const unsigned char f1[] = {
#embed "files/css/components.css"
};
static const unsigned char f2[] = {
#embed "files/css/tokens.css"
};
static const unsigned char f3[] = {
#embed "files/icons/icon-192.png"
};
static const unsigned char f4[] = {
#embed "files/icons/icon-32.png"
};
static const unsigned char f5[] = {
#embed "files/icons/icon-512.png"
};
static const unsigned char f6[] = {
#embed "files/icons/icon.svg"
};
static const unsigned char f7[] = {
#embed "files/index.html"
};
static const unsigned char f8[] = {
#embed "files/js/api.js"
};
static const unsigned char f9[] = {
#embed "files/js/app.js"
};
static const unsigned char f10[] = {
#embed "files/js/charts.js"
};
static const unsigned char f11[] = {
#embed "files/js/data.js"
};
static const unsigned char f12[] = {
#embed "files/js/dom.js"
};
static const unsigned char f13[] = {
#embed "files/js/format.js"
};
static const unsigned char f14[] = {
#embed "files/js/icons.js"
};
static const unsigned char f15[] = {
#embed "files/js/keys.js"
};
static const unsigned char f16[] = {
#embed "files/js/link.js"
};
static const unsigned char f17[] = {
#embed "files/js/live.js"
};
static const unsigned char f18[] = {
#embed "files/js/pages/accounts.js"
};
static const unsigned char f19[] = {
#embed "files/js/pages/invitation.js"
};
static const unsigned char f20[] = {
#embed "files/js/pages/link.js"
};
static const unsigned char f21[] = {
#embed "files/js/pages/missing.js"
};
static const unsigned char f22[] = {
#embed "files/js/pages/overview.js"
};
static const unsigned char f23[] = {
#embed "files/js/pages/reset.js"
};
static const unsigned char f24[] = {
#embed "files/js/pages/signin.js"
};
static const unsigned char f25[] = {
#embed "files/js/pages/welcome.js"
};
static const unsigned char f26[] = {
#embed "files/js/shell.js"
};
static const unsigned char f27[] = {
#embed "files/js/store.js"
};
static const unsigned char f28[] = {
#embed "files/js/texts.js"
};
static const unsigned char f29[] = {
#embed "files/js/ui/dialog.js"
};
static const unsigned char f30[] = {
#embed "files/js/ui/form.js"
};
static const unsigned char f31[] = {
#embed "files/js/ui/health.js"
};
static const unsigned char f32[] = {
#embed "files/js/ui/more.js"
};
static const unsigned char f33[] = {
#embed "files/js/ui/outside.js"
};
static const unsigned char f34[] = {
#embed "files/js/ui/palette.js"
};
static const unsigned char f35[] = {
#embed "files/js/ui/proof.js"
};
static const unsigned char f36[] = {
#embed "files/js/ui/rows.js"
};
static const unsigned char f37[] = {
#embed "files/js/ui/states.js"
};
static const unsigned char f38[] = {
#embed "files/js/ui/toast.js"
};
static const unsigned char f39[] = {
#embed "files/manifest.webmanifest"
};
static const unsigned char f40[] = {
#embed "files/sw.js"
};
#if __has_embed("files/vendor/chart.min.js") == __STDC_EMBED_FOUND__
static const unsigned char v0[] = {
#embed "files/vendor/chart.min.js"
};
#define HAS_V0 1
#endif
#if __has_embed("files/vendor/chart.LICENSE.txt") == __STDC_EMBED_FOUND__
static const unsigned char v1[] = {
#embed "files/vendor/chart.LICENSE.txt"
};
#define HAS_V1 1
#endif

static const struct cweb_file files[] = {
  {"css/base.css", f0, sizeof f0},
  {"css/components.css", f1, sizeof f1},
  {"css/tokens.css", f2, sizeof f2},
  {"icons/icon-192.png", f3, sizeof f3},
  {"icons/icon-32.png", f4, sizeof f4},
  {"icons/icon-512.png", f5, sizeof f5},
  {"icons/icon.svg", f6, sizeof f6},
  {"index.html", f7, sizeof f7},
  {"js/api.js", f8, sizeof f8},
  {"js/app.js", f9, sizeof f9},
  {"js/charts.js", f10, sizeof f10},
  {"js/data.js", f11, sizeof f11},
  {"js/dom.js", f12, sizeof f12},
  {"js/format.js", f13, sizeof f13},
  {"js/icons.js", f14, sizeof f14},
  {"js/keys.js", f15, sizeof f15},
  {"js/link.js", f16, sizeof f16},
  {"js/live.js", f17, sizeof f17},
  {"js/pages/accounts.js", f18, sizeof f18},
  {"js/pages/invitation.js", f19, sizeof f19},
  {"js/pages/link.js", f20, sizeof f20},
  {"js/pages/missing.js", f21, sizeof f21},
  {"js/pages/overview.js", f22, sizeof f22},
  {"js/pages/reset.js", f23, sizeof f23},
  {"js/pages/signin.js", f24, sizeof f24},
  {"js/pages/welcome.js", f25, sizeof f25},
  {"js/shell.js", f26, sizeof f26},
  {"js/store.js", f27, sizeof f27},
  {"js/texts.js", f28, sizeof f28},
  {"js/ui/dialog.js", f29, sizeof f29},
  {"js/ui/form.js", f30, sizeof f30},
  {"js/ui/health.js", f31, sizeof f31},
  {"js/ui/more.js", f32, sizeof f32},
  {"js/ui/outside.js", f33, sizeof f33},
  {"js/ui/palette.js", f34, sizeof f34},
  {"js/ui/proof.js", f35, sizeof f35},
  {"js/ui/rows.js", f36, sizeof f36},
  {"js/ui/states.js", f37, sizeof f37},
  {"js/ui/toast.js", f38, sizeof f38},
  {"manifest.webmanifest", f39, sizeof f39},
  {"sw.js", f40, sizeof f40},
#ifdef HAS_V0
  {"vendor/chart.min.js", v0, sizeof v0},
#endif
#ifdef HAS_V1
  {"vendor/chart.LICENSE.txt", v1, sizeof v1},
#endif
};

const size_t cweb_count = sizeof files / sizeof files[0];
struct cweb_file cweb_file_at(size_t index) { return files[index]; }
