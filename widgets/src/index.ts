// The elements that a page gets with `<script type="module" src="…/widgets.js">`.

// What a first card needs is in this file or in its own: every other file would be one request more.
import "lit/directives/repeat.js";
import "./elements/cell/cell";
import "./elements/charts/rows";
import "./elements/lone";
import "./elements/view";
import "./elements/widget/widget";
import "./state/labels";
