// SPDX-License-Identifier: Apache-2.0
#include "guard/report/style.hpp"

namespace guard::report {

// As wide as the screen: a table that is wider scrolls by itself; on a phone each of its rows is a block, and the words
// of a chart made small are not. Paper is light, whatever the screen was.
const std::string_view report_style =
    ":root{color-scheme:light dark;--page:#f4f5f7;--surface:#fff;--text:#171a1f;--muted:#545d69;--line:#cfd4db;"
    "--link:#1552a0;--good:#11683a;--good-back:#e2f3e8;--warn:#7a4a00;--warn-back:#fdf0d5;--bad:#b3221b;"
    "--bad-back:#fde7e5;--info:#1552a0;--info-back:#e3eefb;--quiet:#545d69;--quiet-back:#e9ecf0}\n"
    "@media screen and (prefers-color-scheme:dark){:root{--page:#0f1216;--surface:#181c22;--text:#e9ebee;"
    "--muted:#a5aeba;--line:#353d48;--link:#8fbcf7;--good:#74d497;--good-back:#16301f;--warn:#f3bf5f;"
    "--warn-back:#362a12;--bad:#ff8f86;--bad-back:#3d1a18;--info:#8fbcf7;--info-back:#172a42;--quiet:#a5aeba;"
    "--quiet-back:#262c35}}\n"
    "*{box-sizing:border-box}"
    "body{max-width:76rem;margin:0 auto;padding:1.2rem 1rem 4rem;background:var(--page);color:var(--text);"
    "font:16px/1.5 system-ui,-apple-system,\"Segoe UI\",\"DejaVu Sans\",sans-serif;overflow-wrap:anywhere}"
    "a{color:var(--link)}h1,h2,h3,h4,p,ul,ol,figure{margin:0}h1{font-size:1.6rem;line-height:1.25}"
    "h2{font-size:1.15rem;margin:2rem 0 .6rem}h3{font-size:1.05rem}h4{font-size:.95rem}.in{color:var(--muted);"
    "font-weight:400}\n"
    ".head{display:flex;flex-wrap:wrap;gap:.4rem .8rem;align-items:center}.head>:first-child{flex:1 1 auto}"
    ".badge{display:inline-flex;gap:.4em;align-items:center;padding:.1rem .6rem;border-radius:1rem;font-size:.88rem;"
    "font-weight:600;border:1px solid currentcolor}.big{font-size:1.05rem;padding:.25rem .9rem}"
    ".icon{width:1em;height:1em;flex:none;fill:none;stroke:currentcolor;stroke-width:2;stroke-linecap:round;"
    "stroke-linejoin:round}"
    ".good{color:var(--good);background:var(--good-back)}.warn{color:var(--warn);background:var(--warn-back)}"
    ".bad{color:var(--bad);background:var(--bad-back)}.info{color:var(--info);background:var(--info-back)}"
    ".quiet{color:var(--quiet);background:var(--quiet-back)}.dim{color:var(--muted)}.why{margin-top:.3rem}\n"
    ".links{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;margin-top:.3rem}"
    "dl{display:grid;grid-template-columns:minmax(5rem,max-content) minmax(0,1fr);gap:.2rem 1rem;margin:.8rem 0 0}"
    "dt{font-weight:600}dd{margin:0}"
    ".card{background:var(--surface);border:1px solid var(--line);border-radius:8px;padding:.8rem 1rem;"
    "margin-bottom:.8rem}.card h4{margin-top:.6rem}"
    ".scroll{overflow-x:auto;margin-bottom:.8rem}table{border-collapse:collapse;width:100%;overflow-wrap:normal;"
    "font-variant-numeric:tabular-nums}th,td{text-align:left;font-weight:400;vertical-align:top;"
    "padding:.2rem .8rem .2rem 0;border-bottom:1px solid var(--line)}thead th{font-weight:600}\n"
    ".chart{display:block;max-width:100%;height:auto}figcaption{font-size:.88rem;color:var(--muted)}"
    ".evidence{padding-left:1.2rem;margin-bottom:.8rem;font-size:.92rem}"
    "pre{font:.85rem/1.45 ui-monospace,\"DejaVu Sans Mono\",monospace;white-space:pre-wrap;margin:.4rem 0 0;"
    "padding:.6rem .8rem;background:var(--quiet-back);border-radius:6px}"
    "summary{cursor:pointer;padding:.3rem 0;color:var(--link)}"
    ".timeline{list-style:none;padding:0}"
    ".timeline li{display:grid;grid-template-columns:13.5rem 5.5rem 1fr;gap:0 .8rem;padding:.35rem 0;"
    "border-bottom:1px solid var(--line)}.timeline "
    "time{white-space:nowrap;color:var(--muted);font-variant-numeric:tabular-nums}"
    ".kind{font-weight:600}\n"
    "@media screen and "
    "(max-width:40rem){h1{font-size:1.3rem}dl,dt,dd{display:block}dd{margin-bottom:.3rem}.chart{font-size:17px;"
    "overflow:visible}"
    "table,tbody,tr,th,td{display:block}thead,td:empty{display:none}tr{margin-bottom:1rem}"
    "tbody th{font-weight:600;border:0}td::before{content:attr(data-name) \": \";color:var(--muted)}"
    ".timeline li{grid-template-columns:auto 1fr}.timeline li>:last-child{grid-column:1/-1}}\n"
    "@media print{:root{color-scheme:light;font-size:11px}body{max-width:none;padding:0;background:none;font-size:1rem}"
    ".card,tr,.timeline li{break-inside:avoid}h2,h3{break-after:avoid}.scroll{overflow:visible}"
    ".badge,pre{print-color-adjust:exact;-webkit-print-color-adjust:exact}}";

const std::string_view html_policy =
    "default-src 'none'; style-src 'sha256-4EL+nNIKEFMHreLQt7zIt6wKsw09Riig/P+MAPDMmzU='; frame-ancestors 'none'";

}  // namespace guard::report
