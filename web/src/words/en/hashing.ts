// What reported pictures look like, found without anybody looking.
export const hashing = {
  'looks.alone': 'No other reported picture looks like it.',
  'looks.alike_one': 'One other reported file looks like it:',
  'looks.alike_other': '{count} other reported files look like it; the nearest:',
  'looks.alike_here_one': 'One other file of this report looks like it.',
  'looks.alike_here_other': '{count} other files of this report look like it.',
  'looks.reports_of': 'Reports with files that look like file {number}',
  'looks.same': 'the same file',
  'looks.alike': 'looks alike',
  'looks.joined': 'farther away, joined by others between',
  'looks.trouble.waiting': 'It is not yet compared with other reported pictures.',
  'looks.trouble.poor': 'There is too little in the picture to compare it with others.',
  'looks.trouble.damaged': 'The picture is damaged and could not be compared with others.',
  'looks.trouble.too_large': 'The picture is too large to be compared with others.',
  'looks.trouble.took_too_long': 'Comparing the picture with others took too long.',
  'looks.trouble.crashed':
    'The file breaks the program that reads it and may be an attack. It was not compared with others.',
};
