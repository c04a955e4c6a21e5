"""Which attribute values are the words of the format itself, so that every other value counts as somebody's text."""

from __future__ import annotations

import re
from functools import lru_cache

_NUMBER = re.compile(r"[-+]?\d{1,9}(?:\.\d{1,6})?(?:%|pt|in|cm|mm|px|em|ex|pc|pi|emu|f|fd)?", re.ASCII)
_HEX = re.compile(r"#?(?=[0-9A-Fa-f]*\d)[0-9A-Fa-f]{3,40}|#?[0-9A-F]{2}|#?[0-9A-F]{6}|#?[0-9A-F]{8}", re.ASCII)
_GUID = re.compile(r"\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?", re.ASCII)
_REFERENCE = re.compile(
    r"rIdH?\d+|_x0000_[a-z]\d+|#_x0000_[a-z]\d+|_(?:Toc|Ref|Hlk)\d+|_GoBack|http://schemas\.[a-z.]+\.(?:org|com)/[\w./-]*",
    re.ASCII,
)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?-(?:[A-Z]{2}|\d{3})", re.ASCII)
_LEVEL_TEXT = re.compile(r"(?:%[1-9]|[^\w%]|[a-zA-Z](?=\W|$))*")
_CSS = re.compile(
    r"(?:[a-z-]+:\s*(?:-?[\d.]+(?:pt|in|cm|mm|px|em|%)?|absolute|relative|square|page|"
    r"margin|text|char|left|right|center|top|bottom|auto|visible|hidden)\s*;?\s*)+"
)
_GIVEN_NAME = re.compile(
    r"(?:Text Box|Picture|Rectangle|Group|Shape|Chart|Diagram|Straight Connector|Oval|Table|Image|Graphic|Line|Object|"
    r"Office Theme|/APA\.XSL|APA) ?\d*|dcterms:W3CDTF|image\d*\.(?:png|jpe?g|gif|emf|wmf)"
)

FORMAT_WORDS = frozenset(
    """
        true false on off variant lpstr lpwstr vector i4 0 1 t f none nil auto single double thick dotted dashed
        dash dotDash dotDotDash dashSmallGap wave dashLong dotDashHeavy dashedHeavy dottedHeavy dashLongHeavy
        dashDotHeavy dashDotDotHeavy wavyHeavy wavyDouble words triple thinThickSmallGap thickThinSmallGap
        thinThickThinSmallGap thinThickMediumGap thickThinMediumGap thinThickThinMediumGap thinThickLargeGap
        thickThinLargeGap thinThickThinLargeGap doubleWave dashDotStroked threeDEmboss threeDEngrave outset inset
        solid clear pct5 pct10 pct12 pct15 pct20 pct25 pct30 pct35 pct37 pct40 pct45 pct50 pct55 pct60 pct62 pct65
        pct70 pct75 pct80 pct85 pct87 pct90 pct95 horzStripe vertStripe diagStripe reverseDiagStripe horzCross
        diagCross thinHorzStripe thinVertStripe thinHorzCross thinDiagCross thinReverseDiagStripe thinDiagStripe
        left right center both start end distribute top bottom middle inside outside inline baseline superscript
        subscript dxa pct page margin text column paragraph character line table numbering default first even odd
        nextPage nextColumn continuous evenPage oddPage portrait landscape exact atLeast preserve around notBeside
        tight through restart continue eachPage eachSect docEnd sectEnd pageBottom beneathText decimal upperRoman
        lowerRoman upperLetter lowerLetter ordinal cardinalText ordinalText bullet decimalZero numberInDash chicago
        tab space nothing singleLevel multilevel hybridMultilevel num period hyphen colon emDash enDash underscore
        middleDot heavy begin separate dirty clean textWrapping lastRenderedPageBreak dark1 dark2 light1 light2
        accent1 accent2 accent3 accent4 accent5 accent6 hyperlink followedHyperlink background1 background2 text1
        text2 dk1 dk2 lt1 lt2 tx1 tx2 bg1 bg2 phClr folHlink hlink black blue cyan green magenta red yellow white
        darkBlue darkCyan darkGreen darkMagenta darkRed darkYellow darkGray lightGray window windowText majorAscii
        majorHAnsi majorEastAsia majorBidi minorAscii minorHAnsi minorEastAsia minorBidi eastAsia cs hint roman
        swiss modern script decorative fixed variable nextTo low high firstRow lastRow firstCol lastCol band1Vert
        band2Vert band1Horz band2Horz neCell nwCell seCell swCell wholeTable autofit overlap never always normal
        separator continuationSeparator continuationNotice lrTb tbRl btLr lrTbV tbRlV tbLrV tb rl lr ltr rtl before
        after undOvr subSup centerGroup repeat fullwidth balanced compatibilityMode
        overrideTableStyleFontSizeAndJustification enableOpenTypeFeatures doNotFlipMirrorIndents
        differentiateMultirowTableHeaders useWord2013TrackBottomHyphenation allowHyphenationAtTrackBottom
        doNotCompress compressPunctuation bestFit fullPage print web edit view rect ellipse line roundRect
        straightConnector1 textBox oval shape group picture ole embed Embed Icon Content square topAndBottom
        bothSides largest centr leftMargin rightMargin topMargin bottomMargin insideMargin outsideMargin ctr l r b t
        just dist sq flat rnd round bevel miter sng dbl thickThin thinThick tri sysDash sysDot lgDash lgDashDot
        lgDashDotDot sysDashDot sysDashDotDot horz vert vert270 wordArtVert eaVert mongolianVert overflow clip
        ellipsis orthographicFront threePt major minor none2 tl tr bl br in out wps wpg wpc wpi wpc1 tileRect circle
        relaxedInset softRound bkgdNone shapetype lines frame exactly centered mixed all ttb allPages notFirstPage
        firstPage offsetFrom behindText inFront simple complex dropDownList comboBox date richText plainText
        checkBox docPartObj docPartList gallery stored xml sheet row col cell sum val numRef strRef general General
        clustered standard stacked percentStacked barDir grouping zero gap span marker autoTitle nextToAxis between
        midCat cross lineMarker star diamond triangle square2 plus x dot picture2 outEnd inEnd inBase ctr2 bestFit2
        minMax autoZero phonetic shared inlineStr str n s e d formula array dataTable visible hidden veryHidden
        pageBreakPreview pageLayout bold italic underline accounting thin medium hair mediumDashed mediumDashDot
        slantDashDot fill gray125 gray0625 lightDown lightUp lightGrid lightTrellis darkDown darkUp darkGrid
        darkTrellis general2 centerContinuous justify gregorian gregorianUs regular Regular Bold Italic formLetters
        mailingLabels envelopes catalog email fax textFile native database addressBook document1 odbc query
        documentProtection readOnly comments trackedChanges forms Internal External application office Office Theme
        twoCellAnchor oneCellAnchor absolute move size perspective balloons ptab alignment leader relativeTo indent
        emboss imprint shadow noProof ignore full short long words2 topLinePunct hanging kinsoku exactHeight pos
        relative spid nextParagraph w w14 _x0000_t202 _x0000_t75 _x0000_t136
    """.split()
)

_STYLE_WORDS = frozenset(
    """
        heading header footer footnote endnote reference text annotation subject balloon comment body first indent
        title subtitle list bullet number continue paragraph table grid light dark medium shading accent colorful
        plain normal web html acronym address cite code definition keyboard preformatted sample typewriter variable
        index toc tof toa authorities figures caption block book bibliography closing date default font strong
        emphasis intense subtle quote document map e mail signature envelope return followed hyperlink line macro
        message mention unresolved smart hashtag link no spacing note page placeholder revision salutation outline
        top of form bottom classic columns contemporary elegant professional simple effects theme char char1 style
        styles list1 a an and x revision1 standard
    """.split()
)
_STYLE_PART = re.compile(r"[A-Z]?[a-z]+|\d+|[A-Z]+(?![a-z])|[-_ ()/,+]+")

FONTS = frozenset(
    " ".join(name.split())
    for name in """
    Aharoni, Aldhabi, Andale Mono, Andalus, Angsana New, AngsanaUPC, Aptos, Aptos Display, Aptos Narrow, Aptos Mono,
    Arabic Typesetting, Arial, Arial Black, Arial Narrow, Arial Nova, Arial Rounded MT Bold, Arial Unicode MS, Avenir,
    Avenir Next, Bahnschrift, Baskerville, Baskerville Old Face, Batang, BatangChe, Bell MT, Berlin Sans FB, Bodoni
    MT, Book Antiqua, Bookman Old Style, Bookshelf Symbol 7, Bradley Hand ITC, Britannic Bold, Brush Script MT,
    Calibri, Calibri Light, Californian FB, Calisto MT, Cambria, Cambria Math, Candara, Carlito, Caladea, Century,
    Century Gothic, Century Schoolbook, Charter, Comic Sans MS, Consolas, Constantia, Cooper Black, Copperplate,
    Corbel, Cordia New, CordiaUPC, Courier, Courier New, DaunPenh, David, DejaVu Sans, DejaVu Sans Mono, DejaVu Serif,
    DFKai-SB, Didot, DilleniaUPC, DokChampa, Dotum, Ebrima, Elephant, Estrangelo Edessa, EucrosiaUPC, Euphemia,
    FangSong, Footlight MT Light, Franklin Gothic Book, Franklin Gothic Medium, FrankRuehl, FreesiaUPC, Freestyle
    Script, Futura, Gabriola, Gadugi, Garamond, Gautami, Geneva, Georgia, Gill Sans, Gill Sans MT, Gill Sans Nova,
    Gisha, Goudy Old Style, Gulim, Gungsuh, Haettenschweiler, Helvetica, Helvetica Neue, High Tower Text, Impact, Ink
    Free, IrisUPC, Iskoola Pota, JasmineUPC, Javanese Text, Jokerman, Juice ITC, KaiTi, Kalinga, Kartika, Khmer UI,
    KodchiangUPC, Kokila, Lao UI, Latha, Lato, Leelawadee, Leelawadee UI, Levenim MT, Liberation Mono, Liberation
    Sans, Liberation Serif, LilyUPC, Lucida Bright, Lucida Calligraphy, Lucida Console, Lucida Grande, Lucida
    Handwriting, Lucida Sans, Lucida Sans Unicode, Malgun Gothic, Mangal, Marlett, Meiryo, Menlo, Microsoft Himalaya,
    Microsoft JhengHei, Microsoft New Tai Lue, Microsoft PhagsPa, Microsoft Sans Serif, Microsoft Tai Le, Microsoft
    Uighur, Microsoft YaHei, Microsoft Yi Baiti, MingLiU, Miriam, Mistral, Monaco, Mongolian Baiti, Monotype Corsiva,
    Montserrat, MoolBoran, MS Gothic, MS Mincho, MS PGothic, MS PMincho, MS Reference Sans Serif, MS Sans Serif, MS
    Serif, MS UI Gothic, MT Extra, MV Boli, Myanmar Text, Myriad Pro, Narkisim, Nirmala UI, Noto Sans, Noto Serif,
    NSimSun, Nyala, Open Sans, OpenSymbol, Optima, Palatino, Palatino Linotype, Papyrus, Perpetua, Plantagenet
    Cherokee, PMingLiU, Poppins, PT Sans, PT Serif, Raavi, Raleway, Roboto, Rockwell, Rod, Sakkal Majalla, Segoe
    Print, Segoe Script, Segoe UI, Segoe UI Emoji, Segoe UI Symbol, Shonar Bangla, Shruti, SimHei, Simplified Arabic,
    SimSun, Sitka Text, Source Sans Pro, STXihei, Sylfaen, Symbol, Tahoma, Times, Times New Roman, Traditional Arabic,
    Trebuchet MS, Tunga, Tw Cen MT, Ubuntu, Univers, Utsaah, Vani, Verdana, Vijaya, Vrinda, Webdings, Wingdings,
    Wingdings 2, Wingdings 3, Yu Gothic, Yu Gothic Light, Yu Mincho, Zapfino, 宋体, 新細明體, 맑은 고딕, ＭＳ ゴシック, ＭＳ 明朝,
    ＭＳ
    Ｐゴシック, 游ゴシック, 游ゴシック Light, 游明朝, 黑体, 等线, 等线 Light
    """.split(",")
)
"""Families that fonts are commonly called by; several are forenames and surnames too (Georgia, Gill, Constantia)."""

SYMBOL_FONTS = frozenset({"Symbol", "Wingdings", "Wingdings 2", "Wingdings 3", "Webdings", "Marlett", "MT Extra"})
"""Families whose characters are signs: in any other family a w:sym is a letter like every other."""

SCRIPTS = frozenset(
    """
        Arab Armn Beng Bugi Bopo Cans Cher Deva Ethi Geor Gujr Guru Hang Hans Hant Hebr Java Jpan Khmr Knda Laoo
        Lisu Mlym Mong Mymr Nkoo Olck Orya Osma Phag Sinh Sora Syre Syrj Syrn Syrc Talu Tale Taml Telu Tfng Thaa
        Thai Tibt Uigh Viet Yiii
    """.split()
)


@lru_cache(maxsize=4096)
def is_vocabulary(value: str) -> bool:
    """Whether an attribute's value is a word, number or name of the format and so says nothing about anybody."""
    if len(value) > 200:
        return False
    if not value.strip() or value in FORMAT_WORDS or value in FONTS or value in SCRIPTS:
        return True
    patterns = (_NUMBER, _HEX, _GUID, _REFERENCE, _LANGUAGE, _LEVEL_TEXT, _CSS, _GIVEN_NAME)
    return any(pattern.fullmatch(value) for pattern in patterns) or is_built_in_style(value)


def is_built_in_style(name: str) -> bool:
    """Whether a style's name or id is one that Word itself gives ("heading 2", "TableGrid", "List Bullet 3")."""
    parts = _STYLE_PART.findall(name)
    if "".join(parts) != name:
        return False
    return all(not part[0].isalpha() or part.lower() in _STYLE_WORDS for part in parts)
