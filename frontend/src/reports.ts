// What the pages of finished games load besides: their charts and tables, for screen and paper.

import './reports.css';
